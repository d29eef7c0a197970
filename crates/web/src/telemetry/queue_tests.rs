use std::sync::mpsc::{Receiver, Sender, channel};

use super::*;

/// Writes nothing until it gets a signal.
struct Stuck {
    go: Receiver<()>,
    going: bool,
    written: Arc<Mutex<Vec<u8>>>,
}

impl Write for Stuck {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.going {
            self.going = self.go.recv().is_ok();
        }
        self.written.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn stuck() -> (Queue, Sender<()>, Arc<Mutex<Vec<u8>>>) {
    let (go, going_on) = channel();
    let written = Arc::new(Mutex::default());
    let sink = Stuck {
        go: going_on,
        going: false,
        written: Arc::clone(&written),
    };
    let queue = Queue::start(sink, |lines| format!("{lines} lines dropped\n")).unwrap();
    (queue, go, written)
}

fn text(written: &Mutex<Vec<u8>>) -> String {
    String::from_utf8(written.lock().unwrap().clone()).unwrap()
}

#[test]
fn a_flood_drops_what_is_of_no_weight_and_keeps_every_error() {
    let (queue, go, written) = stuck();
    let access = [b'a'; 1000];
    let before = DROPPED.get();

    for number in 0..5000 {
        queue.push(&access, false);
        if number % 10 == 0 {
            queue.push(format!("error {number}\n").as_bytes(), true);
        }
    }
    let dropped = DROPPED.get() - before;
    go.send(()).unwrap();
    drop(Flush::of(queue));

    let text = text(&written);
    let kept = text.bytes().filter(|byte| *byte == b'a').count() / 1000;
    assert_eq!(text.matches("error ").count(), 500);
    assert!(text.len() < 3 * ROOM, "{}", text.len());
    assert!(dropped > 2000, "{dropped}");
    assert_eq!(kept + usize::try_from(dropped).unwrap(), 5000);
    // The thread may take lines twice before it is stuck.
    let told = text
        .lines()
        .filter_map(|line| line.trim_start_matches('a').strip_suffix(" lines dropped"));
    let told: u64 = told.map(|number| number.parse::<u64>().unwrap()).sum();
    assert_eq!(told, dropped);
}

#[test]
fn an_error_waits_for_room_when_there_is_none_at_all() {
    let (queue, go, written) = stuck();
    let errors = queue.clone();

    let writer = std::thread::spawn(move || {
        for _ in 0..4000 {
            errors.push(&[b'e'; 1000], true);
        }
    });
    go.send(()).unwrap();
    writer.join().unwrap();
    drop(Flush::of(queue));

    assert_eq!(text(&written).len(), 4_000_000);
}

#[test]
fn what_waits_is_written_before_the_end() {
    let (queue, go, written) = stuck();
    for number in 0..100 {
        queue.push(format!("line {number}\n").as_bytes(), false);
    }

    go.send(()).unwrap();
    drop(Flush::of(queue));

    assert!(text(&written).ends_with("line 98\nline 99\n"));
}
