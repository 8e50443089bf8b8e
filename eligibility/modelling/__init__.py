"""What a change of policy would do: whole populations assessed in columns, under every version and reading."""
