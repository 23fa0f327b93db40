"""Charts: one Vega-Lite specification each, drawn on the server as SVG, interactive in the browser on demand."""
