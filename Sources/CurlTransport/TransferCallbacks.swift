import CLibCurl

// libcurl calls these on the loop's thread. They are plain functions outside of any actor: a closure that were isolated
// to one would compile and then stop the process at run time.

/// One header line, line feed included.
nonisolated func transferDidReceiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
    let line = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
    return transfer.receiveHeader(line) ? size * count : 0
}

/// A piece of the answer's body.
nonisolated func transferDidReceiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context) else { return 0 }
    guard let bytes = unsafe bytes, size * count > 0 else { return size * count }
    let piece = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
    switch transfer.receiveBody(piece) {
    case .taken: return piece.count
    case .pause: return Int(CURL_WRITEFUNC_PAUSE)
    // Any other number than the offered one means failure.
    case .fail: return piece.count == 1 ? 0 : 1
    }
}

/// Wants the next piece of the request's body.
nonisolated func transferWantsBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let transfer = unsafe transfer(context), let bytes = unsafe bytes else { return 0 }
    let piece = transfer.nextBody(size * count)
    unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count).copyBytes(from: piece)
    return piece.count
}

private nonisolated func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    guard let context = unsafe context else { return nil }
    return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}
