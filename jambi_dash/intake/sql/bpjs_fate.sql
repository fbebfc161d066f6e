-- The list of BPJS Ketenagakerjaan: who is a member, by NIK. The rules of the NIK are those of
-- `peserta_decided.sql`; without an NIK nobody can be matched, so such a row is turned away.
CREATE OR REPLACE TABLE bpjs_fate AS
WITH rows AS (
    SELECT
        sheet,
        row_no,
        sheet::UBIGINT * 1099511627776 + row_no AS seq,
        is_number,
        trim(nik) AS nik_text,
        regexp_replace(nik, '[\s.\-–—''"`’‘“”\x{00a0}\x{feff}]', '', 'g') AS nik_bare,
        status,
        bulan,
        tanggal
    FROM bpjs_raw
),
judged AS (
    SELECT
        *,
        regexp_full_match(nik_text, '[''"]?[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+[''"]?')
            OR (
                is_number AND regexp_full_match(nik_text, '[0-9]+')
                AND (
                    (length(nik_text) = 16 AND nik_text LIKE '%0')
                    OR coalesce(try_cast(nik_text AS HUGEINT) > $largest_exact, true)
                )
            ) AS nik_damaged,
        nik_bare = ''
            OR (
                regexp_full_match(nik_bare, '[0-9]+')
                AND replace(nik_bare, left(nik_bare, 1), '') = ''
            ) AS nik_empty
    FROM rows
),
known AS (
    SELECT
        judged.sheet,
        judged.row_no,
        judged.seq,
        CASE
            WHEN nik_damaged THEN 'nik_rusak_excel'
            WHEN nik_empty THEN 'nik_kosong'
            WHEN NOT regexp_full_match(nik_bare, '[0-9]{16}') THEN 'nik_panjang'
            WHEN NOT list_contains($provinces, left(nik_bare, 2)) OR right(nik_bare, 4) = '0000'
                OR birth.born IS NULL
                THEN 'nik_tidak_sah'
            WHEN status.value IS NULL THEN 'status_tidak_dikenal'
        END AS rejection,
        try_cast(nik_bare AS UBIGINT) AS nik_no,
        status.value AS active,
        -- A list without dates tells of the month of the data.
        coalesce(month.value, date_trunc('month', day.value)::DATE, $as_of_month) AS month,
        (trim(judged.bulan) NOT IN ('', '-') AND month.value IS NULL)
            OR (trim(judged.tanggal) NOT IN ('', '-') AND day.value IS NULL) AS date_unreadable
    FROM judged
    LEFT JOIN known_nik_birth AS birth ON birth.part = substr(judged.nik_bare, 7, 6)
        AND length(judged.nik_bare) = 16
    LEFT JOIN known_status AS status ON status.text = judged.status
    LEFT JOIN known_bulan AS month ON month.text = judged.bulan
    LEFT JOIN known_tanggal AS day ON day.text = judged.tanggal
),
counted AS (
    SELECT
        *,
        rejection IS NULL AND row_number() OVER (
            PARTITION BY nik_no, month, rejection IS NULL ORDER BY seq
        ) > 1 AS double,
        -- The list says both of one person.
        rejection IS NULL AND count(DISTINCT active) OVER (
            PARTITION BY nik_no, month, rejection IS NULL
        ) > 1 AS both_said
    FROM known
)
SELECT
    * REPLACE (CASE WHEN double THEN 'ganda' ELSE rejection END AS rejection),
    NULL::VARCHAR AS kelurahan_code,
    -- One bit a rule, in the order of intake.checks.WARNINGS["bpjs"].
    CASE WHEN rejection IS NOT NULL OR double THEN 0 ELSE
        both_said::INTEGER
        + 2 * (month > $as_of)::INTEGER
        + 4 * date_unreadable::INTEGER
    END AS warnings
FROM counted;
