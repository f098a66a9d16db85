import CLibCurl
import HTTP

/// One request under way: the handle, what has been sent, what has come.
///
/// Lives on the loop's thread only.
final class Transfer {
    let job: TransferJob
    let easy: EasyHandle
    private let headerFields: StringList
    private let connectTo: StringList
    private let errorText: ErrorBuffer
    private let configuration: CurlConfiguration
    private let address: ServerAddress
    private let isTunnelled: Bool

    private(set) var status = 0
    private(set) var headers = HTTPHeaders()
    private(set) var headerIsOut = false
    private var bodyReceived: [UInt8] = []
    private var bodyHandedOut = 0
    private var failure: TransportError?

    init(
        _ job: TransferJob, configuration: CurlConfiguration, address: ServerAddress, proxy: String?
    ) throws(TransportError) {
        self.job = job
        self.configuration = configuration
        self.address = address
        isTunnelled = address.isTLS && proxy?.hasPrefix("http") == true
        easy = try EasyHandle()
        errorText = ErrorBuffer()
        headerFields = StringList(try Self.fields(of: job.request, configuration, address))
        connectTo = StringList(
            configuration.serverName == nil ? [] : ["::\(address.hostAndPort)"])
        try configureTarget(proxy)
        try configureTLS()
        try configureCallbacks()
        try configureMethod()
        try configureTimes()
    }

    private func configureTarget(_ proxy: String?) throws(TransportError) {
        let target = job.request.target
        guard target.first == "/", target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "#") })
        else { throw TransportError(.invalid, "the request's path \"\(target)\" is not a path") }
        try easy.set(CURLOPT_URL, address.url(target: target, serverName: configuration.serverName))
        try easy.set(CURLOPT_PROTOCOLS_STR, address.isTLS ? "https" : "http")
        // Names are percent-encoded above; libcurl shall not "tidy" a name that happens to be "..".
        try easy.set(CURLOPT_PATH_AS_IS, 1)
        unsafe try easy.set(CURLOPT_CONNECT_TO, list: connectTo.pointer)
        // Set even when there is none: libcurl would otherwise look into the environment, by other rules.
        try easy.set(CURLOPT_PROXY, proxy ?? "")
        try easy.set(CURLOPT_NOPROXY, "")
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func configureTLS() throws(TransportError) {
        guard address.isTLS else { return }
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try easy.set(CURLOPT_SSL_VERIFYPEER, configuration.insecureSkipVerify ? 0 : 1)
        try easy.set(CURLOPT_SSL_VERIFYHOST, configuration.insecureSkipVerify ? 0 : 2)
        if let authority = job.certificates.authority {
            try easy.set(CURLOPT_CAINFO_BLOB, authority)
            // Debian's libcurl would go on to trust the system's directory as well.
            try easy.set(CURLOPT_CAPATH, nil as String?)
        }
        if let certificate = job.certificates.client {
            try easy.set(CURLOPT_SSLCERT_BLOB, certificate)
            try easy.set(CURLOPT_SSLCERTTYPE, "PEM")
            try easy.set(CURLOPT_SSLKEY_BLOB, job.certificates.clientKey ?? certificate)
            try easy.set(CURLOPT_SSLKEYTYPE, "PEM")
            // An encrypted key shall fail, not ask on the terminal.
            try easy.set(CURLOPT_KEYPASSWD, "")
        }
    }

    private func configureCallbacks() throws(TransportError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try easy.set(CURLOPT_WRITEFUNCTION, callback: transferDidReceiveBody)
        unsafe try easy.set(CURLOPT_WRITEDATA, pointer: context)
        unsafe try easy.set(CURLOPT_HEADERFUNCTION, callback: transferDidReceiveHeader)
        unsafe try easy.set(CURLOPT_HEADERDATA, pointer: context)
        unsafe try easy.set(CURLOPT_PRIVATE, pointer: context)
        unsafe try easy.set(CURLOPT_ERRORBUFFER, pointer: errorText.pointer)
        // Signals belong to the program; the loop's thread blocks them all.
        try easy.set(CURLOPT_NOSIGNAL, 1)
        try easy.closeSocketsOnExec()
    }

    private func configureMethod() throws(TransportError) {
        let request = job.request
        if let body = request.body {
            try easy.set(CURLOPT_POST, 1)
            try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
            // The body is read through a callback that cannot rewind, and not given as POSTFIELDS: when a kept-alive
            // connection breaks, libcurl sends the request a second time by itself if it can rewind. A second POST
            // after a first one that took effect is what nobody may do but the executor, after looking.
            unsafe try easy.set(CURLOPT_READFUNCTION, callback: transferWantsBody)
            unsafe try easy.set(CURLOPT_READDATA, pointer: unsafe Unmanaged.passUnretained(self).toOpaque())
        } else if request.method == .head {
            try easy.set(CURLOPT_NOBODY, 1)
        } else if request.method != .get, request.method != .options {
            // For the same reason: without a body the only way not to be repeated is a connection of its own.
            try easy.set(CURLOPT_FRESH_CONNECT, 1)
        }
        if request.method != .head { try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue) }
        unsafe try easy.set(CURLOPT_HTTPHEADER, list: headerFields.pointer)
        if job.isStream {
            // On a shared HTTP/2 connection libcurl 7.88 stops every stream when one is paused.
            try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
            try easy.set(CURLOPT_FRESH_CONNECT, 1)
            try easy.set(CURLOPT_FORBID_REUSE, 1)
        } else {
            let version = configuration.allowsHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1
            try easy.set(CURLOPT_HTTP_VERSION, Int(version))
            if configuration.allowsHTTP2, address.isTLS { try easy.set(CURLOPT_PIPEWAIT, 1) }
            try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip")
        }
    }

    private func configureTimes() throws(TransportError) {
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, configuration.connectTimeout.milliseconds)
        // A peer that vanished without a word is found out, also below a watch on which nothing happens.
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try easy.set(CURLOPT_TCP_KEEPIDLE, 30)
        try easy.set(CURLOPT_TCP_KEEPINTVL, 10)
    }

    private static func fields(
        of request: HTTPRequest, _ configuration: CurlConfiguration, _ address: ServerAddress
    ) throws(TransportError) -> [String] {
        var fields: [String] = []
        for field in request.headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }),
                field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else { throw TransportError(.invalid, "the header field \"\(field.name)\" cannot be sent") }
            // libcurl takes "Name:" for "do not send it"; an empty value is written with a semicolon.
            fields.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        // What libcurl would add by itself.
        for name in ["Accept", "Content-Type"] where request.headers[name] == nil { fields.append("\(name):") }
        fields.append("Expect:")
        if configuration.serverName != nil, request.headers["Host"] == nil {
            fields.append("Host: \(address.hostAndPort)")
        }
        return fields
    }

    // MARK: What libcurl's callbacks do

    func receiveHeader(_ line: [UInt8]) -> Bool {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headers = HTTPHeaders()
            return true
        }
        // What follows the body is a trailer, which nobody asked for.
        guard !headerIsOut else { return true }
        let field = text.filter { !$0.isNewline }
        if field.isEmpty {
            guard status >= 200 else { return true }
            headerIsOut = true
            if case .stream(_, let header) = job.sink { header(.success(StreamHead(status: status, headers: headers))) }
        } else if let colon = field.firstIndex(of: ":") {
            let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
            var value = field[field.index(after: colon)...].drop(while: blank)
            while let last = value.last, blank(last) { value.removeLast() }
            headers.append(String(field[..<colon]), String(value))
        }
        return true
    }

    /// False: the buffer is full, bring it again later.
    func receiveBody(_ piece: [UInt8]) -> ReceiveResult {
        switch job.sink {
        case .stream(let buffer, _): return buffer.offer(piece) ? .taken : .pause
        case .whole:
            guard bodyReceived.count + piece.count <= configuration.maximumResponseBytes else {
                failure = TransportError(
                    .ambiguous,
                    "\(address.hostAndPort) answered with more than "
                        + "\(configuration.maximumResponseBytes >> 20) MiB")
                return .fail
            }
            bodyReceived += piece
            return .taken
        }
    }

    enum ReceiveResult {
        case taken
        case pause
        case fail
    }

    /// The next bytes of the request's body, at most so many.
    func nextBody(_ count: Int) -> ArraySlice<UInt8> {
        guard let body = job.request.body else { return [] }
        let piece = body[bodyHandedOut..<min(body.count, bodyHandedOut + count)]
        bodyHandedOut += piece.count
        return piece
    }

    // MARK: How it ends

    func finish(_ code: CURLcode) {
        guard code != CURLE_OK else {
            switch job.sink {
            case .whole(let finish):
                finish(.success(HTTPResponse(status: status, headers: headers, body: bodyReceived)))
            case .stream(let buffer, _):
                if headerIsOut { buffer.finish(.success(())) } else { job.fail(error(CURLE_GOT_NOTHING)) }
            }
            return
        }
        job.fail(failure ?? error(code), headerIsOut: headerIsOut)
    }

    func finish(timedOutAt now: ContinuousClock.Instant) {
        let what = nothingWasSent ? "no connection" : job.isStream ? "no answer" : "no complete answer"
        job.fail(
            TransportError(
                nothingWasSent ? .notSent : .ambiguous, "\(address.hostAndPort): \(what) within \(job.timeout)"))
    }

    private func error(_ code: CURLcode) -> TransportError {
        let outcome = TransferOutcome(code, nothingWasSent: nothingWasSent, mayHaveBody: bodyHandedOut > 0)
        let reason = errorText.text.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : errorText.text
        var message = "\(address.hostAndPort): \(reason)"
        if let hint = outcome.hint { message += " (\(hint))" }
        return TransportError(outcome.code, message)
    }

    /// Whether it is certain that the server has nothing that it could act on.
    private var nothingWasSent: Bool {
        // A server acts on a whole body only, so a request whose body never left us has no effect.
        if let body = job.request.body, !body.isEmpty { return bodyHandedOut == 0 }
        if easy.get(CURLINFO_REQUEST_SIZE) == 0 { return true }
        // Bytes were sent, but to the proxy: the tunnel never stood.
        return isTunnelled && easy.get(CURLINFO_NUM_CONNECTS) > 0
            && !(200..<300).contains(easy.get(CURLINFO_HTTP_CONNECTCODE))
    }
}

/// Where libcurl writes what went wrong.
@safe private struct ErrorBuffer: ~Copyable {
    let pointer: UnsafeMutablePointer<CChar>

    init() {
        unsafe pointer = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe pointer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { unsafe pointer.deallocate() }

    var text: String { unsafe String(cString: pointer) }
}

extension Duration {
    /// Rounded up, so that a short time does not become "no bound".
    var milliseconds: Int {
        let parts = components
        let whole = Int(clamping: parts.seconds).multipliedReportingOverflow(by: 1_000)
        guard !whole.overflow else { return Int(Int32.max) }
        let fraction = Int((parts.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
        return min(max(1, whole.partialValue + fraction), Int(Int32.max))
    }
}
