"""Charts: frame in, Vega-Lite specification out; numbers are never computed here."""
