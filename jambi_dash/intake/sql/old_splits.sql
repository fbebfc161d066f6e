-- Rows of old rosters that name a kelurahan which was split: decided, or waiting without a place.
CREATE OR REPLACE TABLE split_row AS
SELECT
    decided.seq,
    decided.kelurahan_code AS parent,
    decided.rt,
    -- The latest word on an RT holds.
    arg_max(decision.code, decision.position) AS code
FROM peserta_decided AS decided
JOIN old_sheet ON old_sheet.sheet = decided.sheet
JOIN split_parent ON split_parent.code = decided.kelurahan_code
LEFT JOIN split_decision AS decision
    ON decision.parent = decided.kelurahan_code
    AND (
        decision.rt_from IS NULL
        OR try_cast(decided.rt AS INTEGER) BETWEEN decision.rt_from AND decision.rt_to
    )
GROUP BY ALL;

UPDATE peserta_decided AS decided
SET
    kelurahan_code = split.code,
    -- RTs were numbered anew in the young kelurahan: an old number means nothing there.
    rt = CASE WHEN split.code = split.parent THEN decided.rt END,
    -- Bits of lokasi_diperbaiki (16), lokasi_tidak_dikenal (32) and kecamatan_beda (64).
    own_warnings = CASE
        WHEN split.code IS NULL THEN (decided.own_warnings & ~80) | 32
        ELSE decided.own_warnings
    END
FROM split_row AS split
WHERE split.seq = decided.seq;
