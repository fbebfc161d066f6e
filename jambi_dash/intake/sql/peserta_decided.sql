-- Every row of the rosters with the meaning of its cells, and the first rule that turns it away
-- on its own. Cells were read once for each different text (the known_* tables); here they are
-- joined. Decided later: whose age is forgiven, and who comes twice.
CREATE OR REPLACE TABLE peserta_decided AS
WITH rows AS (
    SELECT
        sheet,
        row_no,
        -- One number that orders rows as the files came: sheet first, then line.
        sheet::UBIGINT * 1099511627776 + row_no AS seq,
        is_number,
        nik,
        trim(nik) AS nik_text,
        -- Most NIKs are sixteen plain digits: one look settles them, the rest is looked at closely.
        regexp_full_match(nik, '[0-9]{16}') AS plain,
        CASE
            WHEN plain THEN nik
            ELSE regexp_replace(nik, '[\s.\-–—''"`’‘“”\x{00a0}\x{feff}]', '', 'g')
        END AS nik_bare,
        nama,
        nullif(trim(tanggal_lahir), '') AS born_text,
        kelurahan,
        kecamatan,
        rt,
        jenis_kelamin,
        pekerjaan,
        kelompok,
        tahap,
        sumber_dana,
        mulai,
        sampai,
        penghasilan,
        alasan
    FROM peserta_raw
),
judged AS (
    SELECT
        rows.*,
        CASE
            WHEN plain AND NOT is_number THEN false
            ELSE regexp_full_match(nik_text, '[''"]?[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+[''"]?')
                OR (
                    is_number AND regexp_full_match(nik_text, '[0-9]+')
                    AND (
                        (length(nik_text) = 16 AND nik_text LIKE '%0')
                        OR coalesce(try_cast(nik_text AS HUGEINT) > $largest_exact, true)
                    )
                )
        END AS nik_damaged,
        CASE
            WHEN plain AND nik[1] <> nik[2] THEN false
            ELSE nik_bare = ''
                OR (
                    regexp_full_match(nik_bare, '[0-9]+')
                    AND replace(nik_bare, left(nik_bare, 1), '') = ''
                )
        END AS nik_empty
    FROM rows
),
known AS (
    SELECT
        judged.sheet,
        judged.row_no,
        judged.seq,
        nik_damaged,
        nik_empty,
        plain OR regexp_full_match(nik_bare, '[0-9]{16}') AS nik_long_enough,
        list_contains($provinces, left(nik_bare, 2)) AND right(nik_bare, 4) <> '0000'
            AND birth.born IS NOT NULL AS nik_possible,
        CASE WHEN NOT nik_empty THEN try_cast(nik_bare AS UBIGINT) END AS nik_no,
        CASE WHEN nik_empty THEN regexp_replace(lower(strip_accents(nama)), '[^a-z0-9]', '', 'g') END
            AS name_plain,
        birth.born AS nik_born,
        birth.sex AS nik_sex,
        judged.born_text,
        born.value AS born,
        sex.value AS sex,
        place.code AS kelurahan_code,
        place.repaired AS place_repaired,
        place.kecamatan_differs,
        rt.value AS rt,
        occupation.value AS occupation,
        fund.value AS fund,
        income.value AS income_idr,
        trim(kelompok) <> '' AND cohort.value IS NULL AS cohort_unknown,
        coalesce(cohort.value, $default_cohort) AS cohort,
        trim(tahap) <> '' AND stage.value IS NULL AS stage_unknown,
        coalesce(stage.value, $default_stage) AS stage,
        start_month.value AS start_given,
        end_month.value AS end_month,
        end_month.readable AS end_readable,
        reason.value AS reason
    FROM judged
    LEFT JOIN known_nik_birth AS birth ON birth.part = substr(judged.nik_bare, 7, 6)
        AND length(judged.nik_bare) = 16
    LEFT JOIN known_tanggal_lahir AS born ON born.text = judged.born_text
    LEFT JOIN known_jenis_kelamin AS sex ON sex.text = judged.jenis_kelamin
    LEFT JOIN known_place AS place
        ON place.kelurahan = judged.kelurahan AND place.kecamatan = judged.kecamatan
    LEFT JOIN known_rt AS rt ON rt.text = judged.rt
    LEFT JOIN known_pekerjaan AS occupation ON occupation.text = judged.pekerjaan
    LEFT JOIN known_penghasilan AS income ON income.text = judged.penghasilan
    LEFT JOIN known_sumber_dana AS fund ON fund.text = judged.sumber_dana
    LEFT JOIN known_kelompok AS cohort ON cohort.text = judged.kelompok
    LEFT JOIN known_tahap AS stage ON stage.text = judged.tahap
    LEFT JOIN known_mulai AS start_month ON start_month.text = judged.mulai
    LEFT JOIN known_sampai AS end_month ON end_month.text = judged.sampai
    LEFT JOIN known_alasan AS reason ON reason.text = judged.alasan
),
dated AS (
    SELECT
        known.*,
        -- A roster without the column `mulai` says that its people are paid now.
        coalesce(start_given, CASE WHEN NOT sheets.has_mulai AND stage = 'aktif' THEN $as_of_month END)
            AS start_month,
        coalesce(born, nik_born) AS best_born
    FROM known
    JOIN peserta_sheets AS sheets ON sheets.sheet = known.sheet
),
aged AS (
    SELECT
        *,
        date_diff('month', date_trunc('month', best_born), start_month) AS age_months,
        -- Not paid yet: the first paid month cannot lie before the date of the data, so who is
        -- over the limit by then is over it for certain.
        date_diff('month', date_trunc('month', best_born), coalesce(start_month, $as_of_month))
            AS least_age_months
    FROM dated
),
judged_rows AS (
    SELECT
        *,
        CASE
            WHEN nik_damaged THEN 'nik_rusak_excel'
            WHEN NOT nik_long_enough AND NOT nik_empty THEN 'nik_panjang'
            WHEN NOT nik_empty AND NOT nik_possible THEN 'nik_tidak_sah'
            WHEN least_age_months >= $age_limit_months THEN 'usia_65'
        END AS person_rejection,
        CASE
            WHEN stage_unknown THEN 'tahap_tidak_dikenal'
            WHEN cohort_unknown THEN 'kelompok_tidak_dikenal'
            WHEN (stage = 'aktif' AND start_month IS NULL) OR end_month < start_month
                THEN 'mulai_tidak_sah'
        END AS row_rejection
    FROM aged
)
SELECT
    sheet,
    row_no,
    seq,
    coalesce(person_rejection, row_rejection) AS rejection,
    -- What is left against the row should its person be forgiven the age.
    row_rejection,
    -- One bit a rule, in the order of domain.rules.PESERTA_WARNINGS; those that other rows or
    -- tables decide (8: ganda_program, 128: rt_tidak_dikenal) come later.
    nik_empty::INTEGER
    + 2 * coalesce(NOT nik_empty AND (
        day(born) <> day(nik_born) OR month(born) <> month(nik_born)
        OR year(born) % 100 <> year(nik_born) % 100
    ), false)::INTEGER
    + 4 * coalesce(NOT nik_empty AND sex <> nik_sex, false)::INTEGER
    + 16 * coalesce(place_repaired, false)::INTEGER
    + 32 * (kelurahan_code IS NULL)::INTEGER
    + 64 * coalesce(kecamatan_differs, false)::INTEGER
    + 256 * coalesce(age_months < $adult_months, false)::INTEGER
    + 512 * ((born_text IS NOT NULL AND born IS NULL) OR NOT coalesce(end_readable, true))::INTEGER
        AS own_warnings,
    nik_empty,
    nik_no,
    name_plain,
    born,
    cohort,
    stage,
    occupation,
    coalesce(nik_sex, sex) AS sex,
    year(best_born)::SMALLINT AS birth_year,
    kelurahan_code,
    CASE WHEN kelurahan_code IS NOT NULL THEN rt END AS rt,
    fund,
    start_month,
    end_month,
    income_idr,
    -- Of somebody who is paid nobody asks why not.
    CASE WHEN stage <> $default_stage THEN reason END AS reason
FROM judged_rows;
