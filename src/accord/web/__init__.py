"""The live page: an answer that people play with, computed again at every move of a slider."""
