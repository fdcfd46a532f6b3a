-- A small V2 as a real installation left it: wrong types, mixed dates, floats, colliding names, rows that contradict each other.
CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT, email TEXT, password TEXT, role TEXT, last_login DATETIME, platform TEXT,
    followers INTEGER, industry TEXT, ratings FLOAT, earnings FLOAT, flag BOOLEAN, is_flagged BOOLEAN, shoe_size INTEGER);
CREATE TABLE campaign (id INTEGER PRIMARY KEY, name TEXT, description TEXT, start_date TEXT, end_date TEXT, budget REAL, niche TEXT,
    visibility TEXT, status TEXT, sponsor_id INTEGER);
CREATE TABLE influencer_request (id INTEGER PRIMARY KEY, influencer_id INTEGER, campaign_id INTEGER, status TEXT);
CREATE TABLE influencer_campaign (id INTEGER PRIMARY KEY, influencer_id INTEGER, campaign_id INTEGER, status TEXT);
CREATE TABLE message (id INTEGER PRIMARY KEY, sponsor_id INTEGER, influencer_id INTEGER, message TEXT, timestamp DATETIME);
CREATE TABLE alembic_version (version_num TEXT);
CREATE TABLE secret (pbkdf2 TEXT, scrypt TEXT);
INSERT INTO secret VALUES (
    'pbkdf2:sha256:1000$kPZ6lIZF$5cbaa397275e9a869f7c05ed61fba67979e3f9bf8e3f75649188296c15a95a81',
    'scrypt:32768:8:1$xGeWDbxWvnqbs1yO$b3a5f67cf7f49aa69a450998e5e070ebcf1ab7170f828d01e69d53fac780a33a940967971ceea5c4417859c2c451f5732ba757aa942b2671301b5bd6b9405dba');

INSERT INTO user SELECT 1, 'root', 'root@example.com', scrypt, 'Admin', '2024-01-02T03:04:05', NULL, NULL, NULL, NULL, NULL, 0, 0, NULL FROM secret;
INSERT INTO user SELECT 2, 'teahouse', 'tea@example.com', pbkdf2, 'sponsor', '01/02/2024', NULL, NULL, '<script>alert(1)</script>', 3.0, 0.0, 0, 0, NULL FROM secret;
INSERT INTO user SELECT 3, 'lena', 'lena@example.com', scrypt, 'INFLUENCER', '2024-05-01 10:00:00.123456', 'Instagram', 12000, NULL, 4.0, 1234.56, 0, 0, 38 FROM secret;
INSERT INTO user SELECT 4, 'Lena', 'l2@example.com', pbkdf2, 'influencer', NULL, 'Twitter', 'about a lot', NULL, 4.5, -1.0, 0, 1, NULL FROM secret;
INSERT INTO user SELECT 5, 'flagged', 'f@example.com', pbkdf2, 'influencer', NULL, 'YouTube', 7, NULL, NULL, 0.125, 1, 0, NULL FROM secret;
INSERT INTO user SELECT 6, 'wizard', 'w@example.com', pbkdf2, 'wizard', NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL FROM secret;
INSERT INTO user SELECT 7, '<img src=x onerror=alert(1)>', 'no address', 'in the clear', 'influencer', NULL, 'javascript:alert(1)', 5, NULL, NULL, NULL, 0, 0, NULL FROM secret;

INSERT INTO campaign VALUES (1, '<b>Spring</b> tea', '=cmd|'' /C calc''!A0', '2024-01-01', '31/12/2150', 1500.505, 'Food & Knitting', 'PUBLIC', 'Active', 2);
INSERT INTO campaign VALUES (2, 'Winter tea', 'Drink it hot', '2023-01-01 00:00:00.000000', '2023-02-01T00:00:00', 100.0, 'food', 'private', 'completed', 2);
INSERT INTO campaign VALUES (3, 'Of an influencer', '', NULL, NULL, 1.0, NULL, 'public', 'active', 3);
INSERT INTO campaign VALUES (4, 'Of nobody', '', NULL, NULL, 1.0, NULL, 'public', 'active', 99);
INSERT INTO campaign VALUES (5, 'Less than nothing', '', NULL, NULL, -1.0, NULL, 'public', 'active', 2);

INSERT INTO influencer_request VALUES (1, 3, 1, 'approved'), (2, 4, 1, 'Pending'), (3, 4, 1, 'pending'), (4, 5, 1, 'rejected'), (5, 3, 4, 'approved');
INSERT INTO influencer_campaign VALUES (1, 5, 2, 'completed'), (2, 3, 77, 'active');
INSERT INTO message VALUES (1, 2, 3, '<img src=x onerror=alert(1)>', '2024-03-04 05:06:07'), (2, 2, 3, '  ', NULL), (3, 3, 2, 'the other way round', NULL);
INSERT INTO message VALUES (4, 2, 3, x'00ff00', NULL);
