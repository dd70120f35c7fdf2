//! The server: one thread for each connection, on the loopback, in the process
//! of the benchmark, with which it ends.

use super::account::Account;
use super::aws;
use super::call::Call;
use super::errors;
use super::fault::{Fault, Outcome};
use super::http::{Reply, Request};
use super::paging;
use super::rates::{Bucket, Throttling, limit};
use super::record::{Lane, Record};
use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Connections at a time, at most.
const MOST_CONNECTIONS: usize = 2048;
/// A connection on which nothing happens for this long is closed.
const IDLE: Duration = Duration::from_secs(120);
const STACK: usize = 512 * 1024;

/// How the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    /// How long each reply takes.
    pub(crate) latency: Duration,
    /// What it throttles.
    pub(crate) throttling: Throttling,
    /// What goes wrong.
    pub(crate) fault: Option<Fault>,
}

struct Shared {
    accounts: BTreeMap<String, Account>,
    conditions: Conditions,
    record: Mutex<Record>,
    buckets: Mutex<BTreeMap<Lane, Bucket>>,
    connections: AtomicUsize,
    stop: AtomicBool,
}

/// A running server; it stops when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Server {
    /// Begins to listen.
    pub(crate) fn start(accounts: Vec<Account>, conditions: Conditions) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            accounts: accounts.into_iter().map(|one| (one.id.clone(), one)).collect(),
            conditions,
            record: Mutex::new(Record::new()),
            buckets: Mutex::default(),
            connections: AtomicUsize::new(0),
            stop: AtomicBool::new(false),
        });
        let state = Arc::clone(&shared);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if state.stop.load(Ordering::SeqCst) {
                    break;
                }
                if state.connections.fetch_add(1, Ordering::SeqCst) >= MOST_CONNECTIONS {
                    state.connections.fetch_sub(1, Ordering::SeqCst);
                    continue;
                }
                let own = Arc::clone(&state);
                let spawned = thread::Builder::new().stack_size(STACK).spawn(move || {
                    // An error here is the other side's: it hung up.
                    let _ended = own.serve(&stream);
                    own.connections.fetch_sub(1, Ordering::SeqCst);
                });
                if spawned.is_err() {
                    state.connections.fetch_sub(1, Ordering::SeqCst);
                }
            }
        });
        Ok(Self { address, shared })
    }

    /// The address for `AWS_ENDPOINT_URL`.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it saw.
    pub(crate) fn record(&self) -> Record {
        locked(&self.shared.record).clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is to stop.
        let _woken = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(IDLE))?;
        let mut reader = BufReader::new(stream);
        let mut out = stream;
        while let Some(request) = Request::read(&mut reader)? {
            if self.stop.load(Ordering::SeqCst) {
                break;
            }
            let due = Instant::now() + self.conditions.latency;
            let Some(call) = Call::read(&request) else {
                let what = format!("{} {}", request.method, request.path);
                *locked(&self.record).unknown.entry(what).or_default() += 1;
                Reply { status: 400, ..Reply::default() }.send(&mut out)?;
                continue;
            };
            locked(&self.record).arrives(&call, paging::number(&call.id(), call.token()));
            let outcome = self.outcome(&call);
            if let Outcome::Late(_, pause) = &outcome {
                thread::sleep(*pause);
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            locked(&self.record).leaves();
            match outcome {
                Outcome::Whole(reply) | Outcome::Late(reply, _) => reply.send(&mut out)?,
                Outcome::Half(reply) => {
                    reply.send_half(&mut out)?;
                    break;
                }
                Outcome::Nothing => break,
                Outcome::Silence => {
                    while !self.stop.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(200));
                    }
                    break;
                }
            }
        }
        Ok(())
    }

    fn outcome(&self, call: &Call) -> Outcome {
        if let Some(limit) = limit(self.conditions.throttling, call) {
            let lane = (call.account.clone(), call.region.clone(), limit.group);
            let now = Instant::now();
            let mut buckets = locked(&self.buckets);
            let bucket = buckets.entry(lane).or_insert_with(|| Bucket::new(limit.rate, now));
            if !bucket.take(now) {
                drop(buckets);
                locked(&self.record).throttles(call);
                return Outcome::Whole(errors::throttled(call));
            }
        }
        locked(&self.record).answers(call, self.conditions.throttling);
        let reply = self.reply(call);
        match self.conditions.fault.as_ref().filter(|fault| fault.hits(call)) {
            Some(fault) => {
                locked(&self.record).fails(call);
                fault.spoil(call, reply)
            }
            None => Outcome::Whole(reply),
        }
    }

    fn reply(&self, call: &Call) -> Reply {
        let Some(account) = self.accounts.get(&call.account) else {
            let message = format!("there is no account {} here", call.account);
            return errors::error(call, 403, "InvalidClientTokenId", &message);
        };
        if call.id() == "iam:GenerateCredentialReport" {
            let mut record = locked(&self.record);
            let times = record.reports.entry(call.account.clone()).or_default();
            *times += 1;
            return aws::iam::report_state(*times > 1);
        }
        aws::answer(account, &self.accounts, call).unwrap_or_else(|| {
            *locked(&self.record).unknown.entry(call.id()).or_default() += 1;
            errors::error(call, 501, "NotImplemented", "the laboratory does not know this call")
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
