"""World tables from files: loaders, checks, repairs, aggregation, builds, downloads."""
