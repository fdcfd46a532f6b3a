//! Whatever happens to a backup's file is noticed.

use super::*;
use std::fs;

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// Damages it in one of several ways, and says how.
fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    // Half of them where the lines for people are, and where frames begin.
    let far = if dice.roll(2) == 0 { bytes.len() } else { 2 * HEAD_BYTES };
    let at = dice.roll(far);
    match dice.roll(6) {
        0 => {
            let bit = dice.roll(8);
            bytes[at] ^= 1 << bit;
            format!("bit {bit} of byte {at} is flipped")
        }
        1 => {
            bytes.truncate(at);
            format!("cut off after byte {at}")
        }
        2 => {
            let many = 1 + dice.roll(300);
            bytes.drain(at..(at + many).min(bytes.len()));
            format!("{many} bytes are missing at {at}")
        }
        3 => {
            let many = 1 + dice.roll(300);
            bytes.splice(at..at, vec![0; many]);
            format!("{many} bytes more stand at {at}")
        }
        4 => {
            let end = (at + 512).min(bytes.len());
            let same = bytes[at..end].iter().all(|byte| *byte == 0);
            bytes[at..end].fill(if same { 1 } else { 0 });
            format!("a sector is empty at {at}")
        }
        _ => {
            bytes.push(0);
            "a byte more at the end".to_owned()
        }
    }
}

#[tokio::test]
async fn a_damaged_backup_is_noticed_whatever_was_done_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    back_up(&some_platform().await, &file).await;
    let whole = fs::read(&file).unwrap();
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    for _ in 0..200 {
        let mut bytes = whole.clone();
        let how = damage(&mut bytes, &mut dice);
        assert!(bytes != whole, "{how}");
        let damaged = folder.path().join("damaged");
        fs::write(&damaged, &bytes).unwrap();
        let verified = Reader::open(&damaged).and_then(|reader| reader.verify(&mut |_| {}));
        let why = verified.map(drop).expect_err(&how).to_string();
        assert!(why.starts_with("this is no whole backup: ") || why.contains("newer version"), "{how}: {why}");
        assert!(bring_back(&damaged).await.is_err(), "{how}");
    }
}

#[tokio::test]
async fn a_backup_of_a_newer_version_is_refused_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let manifest = back_up(&platform(), &file).await;
    let body = fs::read(&file).unwrap()[HEAD_BYTES..].to_vec();
    for newer in
        [Manifest { format: FORMAT + 1, ..manifest.clone() }, Manifest { layout: crate::upgrade::LAYOUT + 1, ..manifest.clone() }]
    {
        fs::write(&file, [newer.write().unwrap(), body.clone()].concat()).unwrap();
        assert!(matches!(Reader::open(&file).map(drop), Err(BackupError::Newer(_))));
    }
}

#[tokio::test]
async fn other_files_are_no_backups() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    for bytes in [Vec::new(), b"IESCP backup, format 1\n".to_vec(), vec![b' '; 2 * HEAD_BYTES], vec![0xff; 2 * HEAD_BYTES]] {
        fs::write(&file, bytes).unwrap();
        assert!(matches!(Reader::open(&file).map(drop), Err(BackupError::Damaged(_))));
    }
    assert!(matches!(Reader::open(folder.path()).map(drop), Err(BackupError::Disk(_))));
    assert!(matches!(Reader::open(&folder.path().join("none")).map(drop), Err(BackupError::Disk(_))));
}
