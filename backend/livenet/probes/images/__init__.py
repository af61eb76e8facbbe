"""Inside convolutional networks."""
