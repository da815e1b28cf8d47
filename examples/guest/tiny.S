# A guest of our own, small enough to boot in a test: it looks for the hypervisor as an enlightened kernel does, contacts
# VMBus, reads a block from its disk, answers a heartbeat and prints on the serial port what it finds.
# Built by scripts/build-guests.mjs.

        .include "vmbus.inc"

        .text
        .globl  _start
_start:
        cld
        mov     $stack_top, %esp

        mov     $0x40000000, %eax
        cpuid
        mov     %ebx, vendor
        mov     %ecx, vendor + 4
        mov     %edx, vendor + 8
        say     "hypervisor: "
        mov     $vendor, %esi
        call    print
        say     "\r\n"
        cmpl    $0x7263694d, vendor             # "Micr"
        jne     failed

        # Who we are: open source, vendor type 0x7f, version 1.0.0.
        write_msr GUEST_OS_ID, 0, 0xff000001
        write_msr HYPERCALL, hypercall_page + 1
        read_msr HYPERCALL
        test    $1, %eax
        jz      failed
        say     "hypercall page: enabled\r\n"
        enable_synic

        # INITIATE_CONTACT for VMBus 5.3, messages on SINT 2.
        ask     8, 14, 0, 0x00050003, 0, 2, 0, 0, 0, 0, 0
        test    %al, %al
        jz      failed
        say     "vmbus: version 5.3\r\n"

        # REQUESTOFFERS, then one line for each offer: the first word of the class, and its name.
        post    3, 0
1:      call    next_offer
        test    %eax, %eax
        jz      2f
        call    remember_offer
        push    %eax
        say     "offer: "
        mov     (%esp), %eax
        call    print_hex
        say     " "
        pop     %eax
        call    print_class
        say     "\r\n"
        jmp     1b
2:      say     "all offers delivered\r\n"

        mov     scsi_channel, %ebp
        test    %ebp, %ebp
        jz      3f
        call    read_block
3:      mov     heartbeat_channel, %ebp
        test    %ebp, %ebp
        jz      4f
        call    answer_heartbeat

        # Time goes on.
4:      read_msr TIME_REF_COUNT
        mov     %eax, %ebx
5:      rdmsr
        cmp     %eax, %ebx
        je      5b
        say     "reference time: runs\r\n"

        say     "done\r\n"
        jmp     power_off

failed: say     "failed\r\n"
        jmp     stop

# Keeps the channel EBP of a class that starts with EAX, where it is one of those we use; the last one where there are several.
remember_offer:
        cmp     $0xba6163d9, %eax
        jne     1f
        mov     %ebp, scsi_channel
1:      cmp     $0x57164f39, %eax
        jne     2f
        mov     %ebp, heartbeat_channel
2:      ret

# Agrees with the controller in EBP on a protocol and reads the first block of its first disk.
read_block:
        call    open_channel
        test    %eax, %eax
        jnz     failed
        exchange begin_initialization
        call    check_status
        exchange query_protocol
        call    check_status
        exchange query_properties
        call    check_status
        exchange end_initialization
        call    check_status
        say     "scsi: protocol 6.2\r\n"
        exchange read_first
        cmpb    $1, 14(%eax)                    # SRB status: success
        jne     failed
        say     "block 0: starts with "
        mov     buffer_frame * 4096, %eax
        call    print_hex
        say     "\r\n"
        ret

# EAX: an answer of the controller.
check_status:
        cmpl    $0, 8(%eax)
        jne     failed
        ret

# Chooses versions 3.0, which the host of the heartbeat in EBP offers last, and answers its first beat.
answer_heartbeat:
        call    open_channel
        test    %eax, %eax
        jnz     failed
        call    receive_packet
        call    copy_into_reply
        movl    $0x00010001, reply_body         # one version of each kind
        movl    $3, reply_body + 8
        movl    $3, reply_body + 12
        send    reply
        call    receive_packet
        call    copy_into_reply
        incl    reply_body                      # its sequence number
        send    reply
        say     "heartbeat: answered\r\n"
        ret

# The host's message at EAX, of ECX bytes, becomes our response.
copy_into_reply:
        mov     %eax, %esi
        mov     $reply_payload, %edi
        lea     16(%ecx), %edx
        mov     %edx, reply
        shr     $3, %edx
        mov     %dx, reply_words
        rep movsb
        movb    $5, reply_flags                 # transaction, response
        ret

# The name of the class whose GUID starts with EAX.
print_class:
        mov     $classes, %ebx
1:      cmp     (%ebx), %eax
        je      2f
        add     $8, %ebx
        cmpl    $0, (%ebx)
        jne     1b
2:      mov     4(%ebx), %esi
        jmp     print

        .include "vmbus-routines.inc"

        .section .rodata
        .macro  class word, name
        .section .rodata.names, "a"
name_\@:
        .asciz  "\name"
        .section .rodata
        .long   \word, name_\@
        .endm
        .balign 4
classes:
        class   0x57164f39, "Heartbeat"
        class   0x0e0b6031, "Shutdown"
        class   0x9527e630, "Time Synchronization"
        class   0xa9a0f4e7, "Key-Value Pair Exchange"
        class   0x35fa2e29, "Backup"
        class   0xba6163d9, "SCSI controller"
        class   0xf8615163, "Network adapter"
        class   0x525074dc, "Dynamic memory"
        class   0xf912ad6d, "Keyboard"
        class   0xda0a7802, "Video"
        class   0, "a device unknown to this guest"

        # A packet of the storage protocol that asks for a completion.
        .macro  vstor name, operation, words:vararg
        .balign 8
\name:  .long   80
        .short  6, 2, 10, 1
        .long   1, 0
vstor_\@:
        .long   \operation, 1, 0, \words
        .fill   64 - (. - vstor_\@), 1, 0
        .endm

        vstor   begin_initialization, 7, 0
        vstor   query_protocol, 9, 0x0602
        vstor   query_properties, 10, 0
        vstor   end_initialization, 8, 0
        scsi    read_first, buffer_frame, 512, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0

        .data
vendor: .fill   13, 1, 0
        .balign 8
scsi_channel:
        .long   0
heartbeat_channel:
        .long   0

        # Its length and itself: descriptor, pipe header, header of integration services, body.
reply:  .long   0
        .short  6, 2
reply_words:
        .short  0, 0
        .long   1, 0
reply_payload:
        .fill   25, 1, 0
reply_flags:
        .fill   3, 1, 0
reply_body:
        .fill   100, 1, 0
