"""The only place that knows everything: settings, addresses, duties and their rights."""
