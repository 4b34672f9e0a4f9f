//! nginx with files in the page cache: one worker, open files kept, no access log.

use crate::lab::{Lab, Server, free_port};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::Path;

/// A running server.
#[derive(Debug)]
pub struct Nginx {
    /// To measure.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
    /// What was chosen, for the table.
    pub name: &'static str,
}

impl Nginx {
    /// Serves the files of `root`, with or without `sendfile`.
    pub async fn start(lab: &Lab, root: &Path, sendfile: bool) -> anyhow::Result<Self> {
        let program = super::find("nginx").with_context(|| super::absent(lab, "nginx"))?;
        let name = if sendfile { "nginx, sendfile" } else { "nginx, sendfile off" };
        let folder = lab.folder(if sendfile { "nginx-sendfile" } else { "nginx-copy" })?;
        let port = free_port()?;
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings(&folder, root, port, sendfile))?;
        let command =
            [program.into(), "-p".into(), folder.clone().into(), "-c".into(), file.into(), "-e".into(), folder.join("error").into()];
        let mut server = Server::start(lab, &folder.join("log"), None, &command, &[])?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        server.listens(address).await?;
        Ok(Self { server, address, name })
    }
}

fn settings(folder: &Path, root: &Path, port: u16, sendfile: bool) -> String {
    let (folder, root) = (folder.display(), root.display());
    let copying = if sendfile { "sendfile on; sendfile_max_chunk 2m; tcp_nopush on;" } else { "sendfile off; output_buffers 2 512k;" };
    format!(
        "daemon off; worker_processes 1; pid {folder}/pid; user root;
events {{ worker_connections 8192; }}
http {{
  {copying}
  tcp_nodelay on; keepalive_timeout 600; keepalive_requests 100000000;
  access_log off; error_log {folder}/error warn;
  open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  types {{ video/iso.segment m4s; application/vnd.apple.mpegurl m3u8; }}
  server {{ listen 127.0.0.1:{port}; root {root}; add_header cache-control 'public, max-age=31536000, immutable'; }}
}}
"
    )
}
