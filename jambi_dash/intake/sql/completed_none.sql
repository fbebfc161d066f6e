-- Rows of rosters without a kelurahan that got something from elsewhere: a place, other data.
CREATE OR REPLACE TABLE filled (seq UBIGINT, place VARCHAR, other BOOLEAN);
