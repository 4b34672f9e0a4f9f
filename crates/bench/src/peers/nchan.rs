//! nchan: nginx as a server of WebSockets, one worker, in memory.

use crate::lab::{Lab, Server, free_port};
use anyhow::Context;
use std::net::SocketAddr;
use std::path::Path;

/// Where Debian puts the module.
const MODULE: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";
/// Where messages come in.
pub const PUBLISH: &str = "/publish";
/// Where listeners go.
pub const LISTEN: &str = "/listen";

/// A running server.
#[derive(Debug)]
pub struct Nchan {
    /// To measure.
    pub server: Server,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Nchan {
    /// Starts it with one channel.
    pub async fn start(lab: &Lab) -> anyhow::Result<Self> {
        let program = super::find("nginx").with_context(|| super::absent(lab, "nginx"))?;
        anyhow::ensure!(Path::new(MODULE).exists(), "{}", super::absent(lab, "nchan"));
        let folder = lab.folder("nchan")?;
        let port = free_port()?;
        let file = folder.join("nginx.conf");
        std::fs::write(&file, settings(&folder, port))?;
        let command =
            [program.into(), "-p".into(), folder.clone().into(), "-c".into(), file.into(), "-e".into(), folder.join("error").into()];
        let mut server = Server::start(lab, &folder.join("log"), None, &command, &[])?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        server.listens(address).await?;
        Ok(Self { server, address })
    }
}

fn settings(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "load_module {MODULE};
daemon off; worker_processes 1; pid {folder}/pid; user root;
events {{ worker_connections 19000; }}
http {{
  tcp_nodelay on; keepalive_timeout 600; keepalive_requests 100000000;
  access_log off; error_log {folder}/error warn; nchan_shared_memory_size 256m;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port} backlog=8192;
    location = {PUBLISH} {{ nchan_publisher http; nchan_channel_id room; nchan_message_timeout 10s; nchan_message_buffer_length 16; }}
    location = {LISTEN} {{ nchan_subscriber websocket; nchan_channel_id room; nchan_subscriber_first_message newest; }}
  }}
}}
"
    )
}
