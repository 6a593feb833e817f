"""A client for OpenAI-compatible language models."""
