-- Accepted rows of rosters without a kelurahan: where each got its place from, if at all.
WITH marks AS (
    SELECT
        seq,
        bool_or(place = 'release') AS by_release,
        bool_or(place = 'register') AS by_register,
        bool_or(other) AS other
    FROM filled
    GROUP BY seq
)
SELECT
    fate.sheet,
    count(*) FILTER (sheets.titled),
    count(*) FILTER (coalesce(by_release, false)),
    count(*) FILTER (coalesce(by_register, false)),
    count(*) FILTER (coalesce(other, false)),
    count(*) FILTER (fate.kelurahan_code IS NULL)
FROM peserta_fate AS fate
JOIN bare_sheet AS sheets ON sheets.sheet = fate.sheet
LEFT JOIN marks ON marks.seq = fate.seq
WHERE fate.rejection IS NULL
GROUP BY fate.sheet
ORDER BY fate.sheet;
