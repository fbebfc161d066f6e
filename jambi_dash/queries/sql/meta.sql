-- What the release says of itself.
SELECT key, value FROM meta;
