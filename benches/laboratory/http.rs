//! HTTP/1.1, as much as an SDK speaks to us.

use std::io::{self, BufRead, Write};

/// The most that a request may carry.
const LARGEST: usize = 1 << 20;

/// A request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// GET, POST.
    pub(crate) method: String,
    /// The path, as it was sent.
    pub(crate) path: String,
    /// What follows the question mark.
    pub(crate) query: String,
    /// Headers, in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads a request; `None` if the other side closed the connection.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let mut request = Self::default();
        words.next().unwrap_or_default().clone_into(&mut request.method);
        let target = words.next().ok_or(io::ErrorKind::InvalidData)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        path.clone_into(&mut request.path);
        query.clone_into(&mut request.query);
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            request.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let length = request.header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
        if length > LARGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
        request.body = vec![0; length];
        reader.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    /// A header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// A reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    /// The status.
    pub(crate) status: u16,
    /// More headers, each with its line end.
    pub(crate) headers: String,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// A reply with success.
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self { status: 200, headers: String::new(), body: body.into() }
    }

    /// Sends it, and keeps the connection.
    pub(crate) fn send(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&self.bytes())
    }

    /// Sends half of it.
    pub(crate) fn send_half(&self, out: &mut impl Write) -> io::Result<()> {
        let bytes = self.bytes();
        let half = bytes.len().saturating_sub(self.body.len() / 2 + 1);
        out.write_all(bytes.get(..half).unwrap_or_default())
    }

    fn bytes(&self) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}\r\n",
            self.status,
            self.body.len(),
            self.headers
        );
        [head.as_bytes(), &self.body].concat()
    }
}
