-- An RT that only one kelurahan has tells the kelurahan, provided that the register is whole: every
-- kelurahan of the kecamatan that the row names (of the city, if it names none) has its RTs in it.
CREATE OR REPLACE TABLE told_by_register AS
WITH asked AS (
    SELECT decided.seq, decided.sheet, written.value AS rt, kecamatan.code AS kecamatan_code
    FROM peserta_decided AS decided
    JOIN bare_sheet AS sheets ON sheets.sheet = decided.sheet AND sheets.has_rt
    JOIN peserta_raw AS raw ON raw.sheet = decided.sheet AND raw.row_no = decided.row_no
    JOIN known_rt AS written ON written.text = raw.rt AND written.value IS NOT NULL
    LEFT JOIN bare_kecamatan AS kecamatan ON kecamatan.text = raw.kecamatan
    WHERE decided.kelurahan_code IS NULL
        -- A kecamatan that cannot be read says that the row is not of any kecamatan.
        AND (trim(raw.kecamatan) = '' OR kecamatan.code IS NOT NULL)
),
scopes AS (
    SELECT DISTINCT kecamatan_code FROM asked
),
whole AS (
    SELECT scopes.kecamatan_code
    FROM scopes
    JOIN every_kelurahan AS area
        ON coalesce(starts_with(area.code, scopes.kecamatan_code || '.'), true)
    LEFT JOIN (SELECT DISTINCT kelurahan_code FROM known_rts) AS listed
        ON listed.kelurahan_code = area.code
    GROUP BY scopes.kecamatan_code
    HAVING bool_and(listed.kelurahan_code IS NOT NULL)
),
places AS (
    SELECT scopes.kecamatan_code, rts.rt, min(rts.kelurahan_code) AS kelurahan_code
    FROM whole AS scopes
    JOIN known_rts AS rts
        ON coalesce(starts_with(rts.kelurahan_code, scopes.kecamatan_code || '.'), true)
    GROUP BY scopes.kecamatan_code, rts.rt
    HAVING count(DISTINCT rts.kelurahan_code) = 1
)
SELECT asked.seq, asked.rt, places.kelurahan_code
FROM asked
JOIN places
    ON places.rt = asked.rt AND places.kecamatan_code IS NOT DISTINCT FROM asked.kecamatan_code;

UPDATE peserta_decided AS decided
SET
    kelurahan_code = told.kelurahan_code,
    rt = told.rt,
    own_warnings = decided.own_warnings & ~32
FROM told_by_register AS told
WHERE told.seq = decided.seq;

INSERT INTO filled SELECT seq, 'register', false FROM told_by_register;
