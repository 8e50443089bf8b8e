"""The differences between two versions in plain words, each pupil run through the decisions first."""
