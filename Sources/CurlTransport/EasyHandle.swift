import CLibCurl
import HTTP

/// Owns one libcurl easy handle.
///
/// Used on the loop's thread only.
@safe struct EasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init() throws(TransportError) {
        guard let pointer = unsafe curl_easy_init() else {
            throw TransportError(.notSent, "libcurl could not make a handle (out of memory)")
        }
        unsafe self.pointer = unsafe pointer
    }

    deinit { unsafe curl_easy_cleanup(pointer) }

    // An option that libcurl refuses is never passed over: several of them are what makes TLS safe.

    borrowing func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(unsafe kirikae_curl_set_long(pointer, option, value), option)
    }

    borrowing func set(_ option: CURLoption, offset value: Int) throws(TransportError) {
        try check(unsafe kirikae_curl_set_offset(pointer, option, curl_off_t(value)), option)
    }

    borrowing func set(_ option: CURLoption, _ value: String?) throws(TransportError) {
        try check(unsafe kirikae_curl_set_string(pointer, option, value), option)
    }

    borrowing func set(_ option: CURLoption, _ bytes: [UInt8]) throws(TransportError) {
        let code = unsafe bytes.withUnsafeBytes { buffer in
            unsafe kirikae_curl_set_blob(pointer, option, buffer.baseAddress, buffer.count)
        }
        try check(code, option)
    }

    @unsafe borrowing func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(TransportError) {
        try check(unsafe kirikae_curl_set_pointer(pointer, option, value), option)
    }

    @unsafe borrowing func set(
        _ option: CURLoption, list value: UnsafeMutablePointer<curl_slist>?
    ) throws(TransportError) {
        try check(unsafe kirikae_curl_set_list(pointer, option, value), option)
    }

    borrowing func set(
        _ option: CURLoption, callback value: kirikae_curl_transfer_callback
    ) throws(TransportError) {
        try check(unsafe kirikae_curl_set_callback(pointer, option, value), option)
    }

    /// Children of this process shall not hold our connections open.
    borrowing func closeSocketsOnExec() throws(TransportError) {
        try check(unsafe kirikae_curl_close_sockets_on_exec(pointer), CURLOPT_OPENSOCKETFUNCTION)
    }

    borrowing func get(_ info: CURLINFO) -> Int {
        var value = 0
        unsafe kirikae_curl_get_long(pointer, info, &value)
        return value
    }

    private func check(_ code: CURLcode, _ option: CURLoption) throws(TransportError) {
        guard code != CURLE_OK else { return }
        let reason = unsafe String(cString: curl_easy_strerror(code))
        throw TransportError(.invalid, "libcurl does not take option \(option.rawValue): \(reason)")
    }
}

/// Owns a list of strings, as libcurl wants headers.
///
/// Must outlive the handle it is set on.
@safe struct StringList: ~Copyable {
    private(set) var pointer: UnsafeMutablePointer<curl_slist>?

    init(_ strings: [String]) {
        unsafe pointer = nil
        for string in strings { unsafe pointer = unsafe curl_slist_append(pointer, string) }
    }

    deinit { unsafe curl_slist_free_all(pointer) }
}
