"""The indicators: what each measures, by which rule and act, and how every structure stands in it."""
