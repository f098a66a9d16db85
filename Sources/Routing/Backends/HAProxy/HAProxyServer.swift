/// One line of `show servers state`.
struct HAProxyServer: Sendable, Hashable {
    var name: String
    /// 2 is running.
    var operation: Int
    /// Bits of maintenance (1 to 4, 32, 64) and draining (8, 16); 0 when it takes traffic.
    var admin: Int
    /// The weight in force.
    var weight: Int

    /// Whether health checks let it take traffic.
    var isRunning: Bool { operation == 2 }
    /// What the balancer really counts with.
    var effectiveWeight: Int { admin & 0x7F == 0 ? weight : 0 }

    /// Reads the answer to `show servers state PROXY`; nil when it is none.
    ///
    /// Columns are found by their names in the comment line, because versions add some.
    static func all(_ answer: String, proxy: String) -> [HAProxyServer]? {
        var columns: [Substring: Int] = [:]
        var servers: [HAProxyServer] = []
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.first == "#" {
                columns = [:]
                for (index, name) in words.dropFirst().enumerated() { columns[name] = index }
                continue
            }
            guard !columns.isEmpty else { continue }
            func word(_ name: Substring) -> Substring? {
                columns[name].flatMap { words.indices.contains($0) ? words[$0] : nil }
            }
            guard let backend = word("be_name"), let name = word("srv_name"),
                let operation = word("srv_op_state").flatMap({ Int($0) }),
                let admin = word("srv_admin_state").flatMap({ Int($0) }),
                let weight = word("srv_uweight").flatMap({ Int($0) })
            else { return nil }
            guard backend == proxy else { continue }
            servers.append(
                HAProxyServer(name: String(name), operation: operation, admin: admin, weight: weight))
        }
        return columns.isEmpty ? nil : servers
    }
}
