"""One HTTP exchange: connections, headers, content codings, proxies."""
