"""Economy-wide models in exact-hat form, one file a paper."""
