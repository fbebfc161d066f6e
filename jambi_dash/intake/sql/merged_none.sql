-- Hashes that stand for somebody else, and the rows of this import that they concern.
CREATE OR REPLACE TABLE merged_key AS
SELECT other::UUID AS other, kept::UUID AS kept FROM merged_text;

CREATE OR REPLACE TABLE merged_row (seq UBIGINT, person_no UBIGINT, person UUID);
