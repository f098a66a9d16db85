import HTTP

extension KubeClient {
    /// Reads an address whose answer is plain text, such as `/metrics`.
    public func text(_ path: String) async throws(KubeError) -> [UInt8] {
        let request = HTTPRequest(.get, path, headers: ["Accept": "text/plain, */*;q=0.5"])
        return try await send(request, Call(verb: "get", target: path)).body
    }
}
