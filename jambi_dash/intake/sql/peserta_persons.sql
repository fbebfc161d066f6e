-- Who is who. With an NIK, the NIK; without, name + birth date + kelurahan together; with less
-- than that nobody is merged, yet the same line gets the same name in the next import.
CREATE OR REPLACE TABLE nameless AS
WITH described AS (
    SELECT
        seq,
        name_plain || '|' || coalesce(born::VARCHAR, '') || '|' || coalesce(kelurahan_code, '')
            AS description,
        name_plain <> '' AND born IS NOT NULL AND kelurahan_code IS NOT NULL AS complete,
        coalesce(rt, '') AS rt
    FROM peserta_decided
    WHERE nik_empty
),
named AS (
    SELECT
        seq,
        CASE
            WHEN complete THEN 'orang|' || description
            ELSE 'baris|' || description || '|' || rt || '|'
                || row_number() OVER (PARTITION BY description, rt ORDER BY seq)
        END AS person_text
    FROM described
)
SELECT
    seq,
    person_text,
    -- Beyond every NIK (16 digits), so that one number serves both.
    100000000000000000 + dense_rank() OVER (ORDER BY person_text) AS person_no
FROM named;

CREATE OR REPLACE VIEW peserta_person AS
SELECT
    decided.*,
    coalesce(merged.person_no, decided.nik_no, nameless.person_no)::UBIGINT AS person_no,
    coalesce(nameless.person_text, 'nik|' || decided.nik_no)
        AS person_text,
    -- Whose hash stands for this row's, where somebody decided that two are one.
    merged.person AS merged_person
FROM peserta_decided AS decided
LEFT JOIN nameless ON nameless.seq = decided.seq
LEFT JOIN merged_row AS merged ON merged.seq = decided.seq;
