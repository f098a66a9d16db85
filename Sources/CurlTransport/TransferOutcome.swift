import CLibCurl
import HTTP

/// What a libcurl error says about the request's effect.
struct TransferOutcome {
    let code: TransportError.Code
    /// For the person, where libcurl's own words do not lead further.
    let hint: String?

    init(_ result: CURLcode, nothingWasSent: Bool, mayHaveBody: Bool) {
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_PROXY:
            // All before the first byte of the request, unless an earlier connection had already taken the body.
            code = mayHaveBody ? .ambiguous : .notSent
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN, CURLE_FAILED_INIT:
            // libcurl uses some of these for answers that make no sense as well; then the request is out.
            code = nothingWasSent && !mayHaveBody ? .invalid : .ambiguous
        case CURLE_SEND_FAIL_REWIND:
            // The connection broke under a body that was on its way.
            code = .ambiguous
        default:
            code = nothingWasSent ? .notSent : .ambiguous
        }
        hint =
            switch result {
            case CURLE_PEER_FAILED_VERIFICATION:
                "its certificate is not the expected one: check certificate-authority-data and tls-server-name"
            case CURLE_SSL_CERTPROBLEM: "check client-certificate-data and client-key-data"
            case CURLE_SSL_CACERT_BADFILE: "check certificate-authority-data"
            case CURLE_SEND_FAIL_REWIND: "the connection broke while the request was being sent"
            default: nil
            }
    }
}
