#define _GNU_SOURCE
#include "CPosix.h"

#include <errno.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

int cposix_accept(int descriptor, void *address) {
    socklen_t length = sizeof(struct sockaddr_storage);
    return accept4(descriptor, address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

intptr_t cposix_send_vectors(int descriptor, const void *vectors, size_t count) {
    struct msghdr message;
    memset(&message, 0, sizeof message);
    message.msg_iov = (struct iovec *)vectors;
    message.msg_iovlen = count;
    return sendmsg(descriptor, &message, MSG_NOSIGNAL);
}

intptr_t cposix_send(int descriptor, const void *bytes, size_t count) {
    return send(descriptor, bytes, count, MSG_NOSIGNAL);
}

int cposix_queued_bytes(int descriptor, int *receive, int *send) {
    return ioctl(descriptor, SIOCINQ, receive) == 0 && ioctl(descriptor, SIOCOUTQ, send) == 0 ? 0 : -1;
}

int cposix_tcp_info(int descriptor, struct cposix_tcp_info *info) {
    struct tcp_info kernel;
    socklen_t length = sizeof kernel;
    // An older kernel fills less than we ask for, so what it leaves must read as 0.
    memset(&kernel, 0, sizeof kernel);
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &kernel, &length) != 0) {
        return -1;
    }
    // The kernel says ~0 while it has not measured a minimum yet.
    uint32_t minimum = kernel.tcpi_min_rtt;
    info->rtt_microseconds = kernel.tcpi_rtt;
    info->rtt_variance_microseconds = kernel.tcpi_rttvar;
    info->minimum_rtt_microseconds = minimum == UINT32_MAX ? 0 : minimum;
    info->congestion_window_segments = kernel.tcpi_snd_cwnd;
    info->segment_size = kernel.tcpi_snd_mss;
    info->unacknowledged_segments = kernel.tcpi_unacked;
    info->lost_segments = kernel.tcpi_lost;
    info->not_sent_bytes = kernel.tcpi_notsent_bytes;
    info->retransmits = kernel.tcpi_total_retrans;
    info->delivery_bytes_per_second = kernel.tcpi_delivery_rate;
    return 0;
}
