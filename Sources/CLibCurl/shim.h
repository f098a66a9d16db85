// libcurl as Swift can call it. Swift does not import variadic functions, so each kind of value that curl_easy_setopt,
// curl_easy_getinfo and curl_multi_setopt take has a wrapper of its own here. Nothing else belongs here.
#ifndef KIRIKAE_CLIBCURL_SHIM_H
#define KIRIKAE_CLIBCURL_SHIM_H

#include <curl/curl.h>
#include <sys/socket.h>

static inline CURLcode kirikae_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kirikae_curl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies the string. NULL resets the option, which for some (CAPATH) is not the same as never setting it.
static inline CURLcode kirikae_curl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kirikae_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode kirikae_curl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

// libcurl copies the bytes.
static inline CURLcode kirikae_curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t length) {
    struct curl_blob blob;
    blob.data = (void *)bytes;
    blob.len = length;
    blob.flags = CURL_BLOB_COPY;
    return curl_easy_setopt(handle, option, &blob);
}

// Write, header and read callbacks have this one signature.
typedef size_t (*kirikae_curl_transfer_callback)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode kirikae_curl_set_callback(CURL *handle, CURLoption option,
                                                 kirikae_curl_transfer_callback callback) {
    return curl_easy_setopt(handle, option, callback);
}

// libcurl 7.88 opens sockets that child processes inherit, which keeps a connection alive after we have closed it.
static inline curl_socket_t kirikae_curl_open_socket(void *context, curlsocktype purpose,
                                                     struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static inline CURLcode kirikae_curl_close_sockets_on_exec(CURL *handle) {
    return curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, kirikae_curl_open_socket);
}

static inline CURLcode kirikae_curl_get_long(CURL *handle, CURLINFO info, long *value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode kirikae_curl_get_pointer(CURL *handle, CURLINFO info, void **value) {
    return curl_easy_getinfo(handle, info, value);
}

static inline CURLMcode kirikae_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
    return curl_multi_setopt(handle, option, value);
}

// The message's payload is a union, which Swift imports awkwardly.
static inline CURLcode kirikae_curl_message_result(const CURLMsg *message) {
    return message->data.result;
}

#endif
