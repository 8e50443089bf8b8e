"""The policy as a document and as a chart."""
