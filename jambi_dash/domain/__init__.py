"""The programme's own terms and rules. Knows neither Streamlit nor DuckDB."""
