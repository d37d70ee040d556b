-- What the page of a record holds back, by X-Robots-Tag and its robots meta element (noarchive, max-snippet:50 …), as JSON.
ALTER TABLE record ADD COLUMN robots TEXT NOT NULL DEFAULT '[]';
