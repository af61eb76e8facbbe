"""What models on sequences predict and carry along."""
