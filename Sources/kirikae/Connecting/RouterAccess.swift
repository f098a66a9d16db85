import CurlTransport
import Execution
import HTTP
import Routing

/// What routing back ends get from the tool: programs and HTTP of the machine it runs on.
enum RouterAccess {
    /// For routes whose settings lie in that folder.
    static func ports(folder: String) -> RouterPorts {
        RouterPorts(
            folder: folder, programs: SubprocessRunner(),
            web: web)
    }

    /// A way to the server of that address, for the name that clients ask for.
    static let web: HTTPProber.Web = { (server, name) throws(TransportError) -> any Transport in
        let host = name.map { $0.prefix { $0 != ":" } }
        return try CurlTransport(
            CurlConfiguration(
                server: server, serverName: server.hasPrefix("https:") ? host.map(String.init) : nil,
                connectTimeout: .seconds(5)))
    }
}
