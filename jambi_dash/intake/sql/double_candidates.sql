-- Pairs of accepted people with one birth date where an NIK is missing or one digit differs. Names
-- are compared afterwards, of these pairs only.
CREATE OR REPLACE TABLE born_person AS
SELECT
    fate.person_no,
    min(fate.seq) AS seq,
    arg_min(fate.nik_empty, fate.seq) AS nik_empty,
    lpad(any_value(fate.nik_no)::VARCHAR, 16, '0') AS nik,
    any_value(fate.person_text) AS person_text,
    any_value(fate.merged_person) AS merged_person,
    arg_min(fate.kelurahan_code, fate.seq) AS kelurahan_code,
    arg_min(coalesce(fate.born, birth.born), fate.seq) AS born
FROM peserta_fate AS fate
LEFT JOIN known_nik_birth AS birth
    ON birth.part = substr(lpad(fate.nik_no::VARCHAR, 16, '0'), 7, 6)
WHERE fate.rejection IS NULL AND coalesce(fate.born, birth.born) IS NOT NULL
GROUP BY fate.person_no;

CREATE OR REPLACE TABLE crowded_birth AS
SELECT born FROM born_person GROUP BY born HAVING count(*) > $most;

CREATE OR REPLACE TABLE double_candidate AS
WITH asked AS (
    SELECT * FROM born_person WHERE born NOT IN (SELECT born FROM crowded_birth)
),
pairs AS (
    SELECT
        one.seq AS first_seq,
        two.seq AS second_seq,
        one.person_text AS first_text,
        two.person_text AS second_text,
        one.merged_person AS first_merged,
        two.merged_person AS second_merged,
        CASE WHEN one.nik_empty OR two.nik_empty THEN 'tanpa_nik' ELSE 'nik_beda_satu' END AS reason,
        CASE WHEN NOT one.nik_empty AND NOT two.nik_empty THEN
            list_position(
                list_transform(range(1, 17), lambda i: one.nik[i] <> two.nik[i]), true
            )
        END AS digit,
        one.kelurahan_code = two.kelurahan_code AS same_kelurahan,
        NOT one.nik_empty OR two.nik_empty AS first_has_nik
    FROM asked AS one
    JOIN asked AS two ON two.born = one.born AND two.seq > one.seq
    WHERE one.nik_empty OR two.nik_empty OR hamming(one.nik, two.nik) = 1
)
SELECT
    first_seq,
    coalesce(first_merged, person_key(first_text, $inner_pad, $outer_pad))::VARCHAR AS first_key,
    first_raw.nama AS first_name,
    second_seq,
    coalesce(second_merged, person_key(second_text, $inner_pad, $outer_pad))::VARCHAR AS second_key,
    second_raw.nama AS second_name,
    reason,
    digit,
    coalesce(same_kelurahan, false) AS same_kelurahan,
    first_has_nik
FROM pairs
JOIN peserta_raw AS first_raw
    ON first_raw.sheet = first_seq // 1099511627776 AND first_raw.row_no = first_seq % 1099511627776
JOIN peserta_raw AS second_raw
    ON second_raw.sheet = second_seq // 1099511627776
    AND second_raw.row_no = second_seq % 1099511627776;
