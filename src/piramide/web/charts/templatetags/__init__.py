"""The tag that shows a chart."""
