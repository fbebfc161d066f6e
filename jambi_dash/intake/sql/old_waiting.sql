-- Accepted rows whose old kelurahan was split and nobody has decided about.
SELECT split.parent, split.rt, count(*)
FROM split_row AS split
JOIN peserta_fate AS fate ON fate.seq = split.seq
WHERE split.code IS NULL AND fate.rejection IS NULL
GROUP BY ALL
ORDER BY split.parent, split.rt NULLS LAST;
