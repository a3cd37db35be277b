"""accord: what a proposed deal between countries would actually do."""

__version__ = "0.1.0"
