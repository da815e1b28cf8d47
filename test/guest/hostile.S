# A guest that attacks its host: hypercalls, MSRs, messages, GPADLs, rings, storage, network. After each attack it prints
# what it got back. 32-bit protected mode, no paging, no interrupts. Built by scripts/build-guests.mjs.
# Its host offers, in this order: a SCSI controller, a network adapter, the heartbeat.

        .set COM1, 0x3f8
        .set GUEST_OS_ID, 0x40000000
        .set HYPERCALL, 0x40000001
        .set VP_INDEX, 0x40000002
        .set SCONTROL, 0x40000080
        .set SIEFP, 0x40000082
        .set SIMP, 0x40000083
        .set EOM, 0x40000084
        .set SINT2, 0x40000092
        .set STIMER0_CONFIG, 0x400000b0

        .set hypercall_page, 0x200000
        .set message_page, 0x201000
        .set event_page, 0x202000
        .set stack_top, 0x204000
        .set user_stack_top, 0x205000
        .set SLOT2, message_page + 2 * 256
        .set ANSWER, SLOT2 + 16
        # Each channel has two rings of four pages, side by side.
        .set rings, 0x300000
        .set RING_BYTES, 0x4000
        .set RING_DATA, 0x1000
        .set buffer_frame, 0x500
        .set network_frame, 0x600

        .set SCSI, 1
        .set NETWORK, 2
        .set HEARTBEAT, 3
        .set POST, 0x5c
        .set SIGNAL_FAST, 0x1005d

        .macro say text
        .section .rodata
text_\@:
        .asciz  "\text"
        .text
        mov     $text_\@, %esi
        call    print
        .endm

        # What is in EAX, with its name.
        .macro result text
        push    %eax
        say     "\text: "
        pop     %eax
        call    print_hex
        say     "\r\n"
        .endm

        .macro write_msr index, low, high=0
        mov     $\index, %ecx
        mov     $\low, %eax
        mov     $\high, %edx
        wrmsr
        .endm

        .macro read_msr index
        mov     $\index, %ecx
        rdmsr
        .endm

        .macro hypercall control, input, control_high=0, input_high=0
        mov     $\control, %eax
        mov     $\control_high, %edx
        mov     $\input, %ecx
        mov     $\input_high, %ebx
        call    enter_hypervisor
        .endm

        # Posts a VMBus message; the status is in EAX.
        .macro post words:vararg
        .section .rodata
        .balign 4
post_\@:
        .long   post_end_\@ - post_\@ - 4
        .long   \words
post_end_\@:
        .text
        mov     $post_\@, %esi
        call    post_message
        .endm

        # Posts one, and puts a word of the host's answer into EAX.
        .macro ask at, words:vararg
        post    \words
        mov     $\at, %ebx
        call    take_answer
        .endm

        # Sends a packet to a channel.
        .macro send channel, packet
        mov     $\packet, %esi
        mov     $\channel, %ebp
        call    send_packet
        .endm

        # The same, and points EAX at the payload of what comes back.
        .macro exchange channel, packet
        send    \channel, \packet
        call    receive_packet
        .endm

        # EAX points at a completion of storage: its SRB status, sense key and additional sense code as one number.
        .macro scsi_result text
        movzbl  14(%eax), %ebx
        shl     $8, %ebx
        mov     30(%eax), %bl
        shl     $8, %ebx
        mov     40(%eax), %bl
        mov     %ebx, %eax
        result  "\text"
        .endm

        .text
        .globl  _start
_start:
        cld
        mov     $stack_top, %esp

        # Before anything is set up. 0xE2 is where this host's hypercall page leads.
        mov     $POST, %eax
        out     %eax, $0xe2
        result  "hypercall without a hypercall page"
        write_msr HYPERCALL, hypercall_page + 1
        read_msr HYPERCALL
        result  "hypercall page of a guest without identity"
        write_msr GUEST_OS_ID, 0, 0xff000001
        write_msr HYPERCALL, 0xfffff001, 0xff
        read_msr HYPERCALL
        result  "hypercall page outside of memory"
        write_msr HYPERCALL, hypercall_page + 1

        # MSRs.
        write_msr VP_INDEX, 5
        read_msr VP_INDEX
        result  "read-only MSR written"
        write_msr SIMP, 0xfffff001, 0xff
        read_msr SIMP
        result  "message page outside of memory"
        write_msr SIEFP, 0x01000001
        read_msr SIEFP
        result  "event page just behind memory"
        write_msr SINT2, 5
        read_msr SINT2
        result  "interrupt source with a reserved vector"
        write_msr STIMER0_CONFIG, 0x1051
        read_msr STIMER0_CONFIG
        result  "timer with a reserved vector"
        call    write_msr_as_user
        result  "MSR written by a user program, vector of the fault"

        write_msr SIMP, message_page + 1
        write_msr SIEFP, event_page + 1
        write_msr SINT2, 0x100f3                # masked: we poll
        write_msr SCONTROL, 1

        # Hypercalls.
        hypercall 0xffff, 0
        result  "unknown hypercall"
        hypercall POST, post_input, 0x80000000
        result  "reserved bits"
        hypercall POST, post_input, 1
        result  "repetitions of a simple hypercall"
        hypercall POST + 0x10000, post_input
        result  "message in registers"
        hypercall POST, post_input + 4
        result  "unaligned input"
        hypercall POST, 0x2fff80
        result  "input over the end of its page"
        hypercall POST, 0x01000000
        result  "input outside of memory"
        hypercall POST, 0, 0, 0xffffff00
        result  "input far outside of memory"
        movl    $241, post_size
        hypercall POST, post_input
        result  "message too long"
        movl    $8, post_size
        movl    $0x80000001, post_type
        hypercall POST, post_input
        result  "message of the hypervisor"
        movl    $1, post_type
        movl    $99, post_input
        hypercall POST, post_input
        result  "message to nobody"
        movl    $4, post_input
        hypercall SIGNAL_FAST, 0x107ff
        result  "signal to no channel"

        post    3, 0
        result  "offers before a version is agreed"

        # More messages than anybody waits for: the slot is never emptied.
        xor     %edi, %edi
flood:  push    %edi
        post    14, 0, 0x00050003, 0, 2, 0, 0, 0, 0, 0
        pop     %edi
        inc     %edi
        test    %eax, %eax
        jz      flood
        result  "flood of messages"
        mov     %edi, %eax
        result  "messages until then"
drain:  cmpl    $0, SLOT2
        je      drained
        call    next_message
        jmp     drain
drained:

        # GPADLs. The range of each begins at the fifth word: its bytes, its offset, its frames.
        ask     8, 14, 0, 0x00050003, 0, 2, 0, 0, 0, 0, 0
        result  "version agreed"
        post    3, 0
offers: call    wait_message
        mov     ANSWER, %eax
        push    %eax
        call    next_message
        pop     %eax
        cmp     $4, %eax
        jne     offers
        ask     16, 8, 0, SCSI, 50, 0x10010, 4096, 0, 0x1000, 0
        result  "page behind the end of memory"
        ask     16, 8, 0, SCSI, 51, 0x10010, 4096, 0, -1, -1
        result  "page at the end of the address space"
        ask     16, 8, 0, SCSI, 52, 0x10008, -1, 0, 1, 0
        result  "4 GB"
        ask     16, 8, 0, SCSI, 53, 0x10008, 0, 0
        result  "nothing"
        ask     16, 8, 0, SCSI, 54, 0x20010, 4096, 0, 0x400, 0
        result  "two ranges"
        ask     16, 8, 0, SCSI, 55, 0x10010, 4096, 0, 0x400, 0
        result  "page of its own"
        ask     16, 8, 0, SCSI, 55, 0x10010, 4096, 0, 0x400, 0
        result  "handle used twice"
        post    8, 0, 2000, 56, 0x10010, 4096, 0, 0x400, 0
        result  "page for a channel that is not there"
        post    9, 0, 0, 55, 0x400, 0
        result  "more of what is complete"
        post    11, 0, SCSI, 99
        result  "teardown of nothing"
        ask     16, 5, 0, SCSI, 1, 99, 0, 4, 0
        result  "channel opened on no pages"
        ask     16, 5, 0, SCSI, 1, 55, 0, 4, 0
        result  "channel opened on one page"

        # Rings. A channel that breaks is still offered: the signal itself is in order.
        mov     $HEARTBEAT, %ebp
        call    open_channel
        result  "heartbeat opened"
        movl    $0xfffffff8, rings + HEARTBEAT * 2 * RING_BYTES
        hypercall SIGNAL_FAST, 0x10000 + HEARTBEAT
        result  "ring with a wild index"
        hypercall SIGNAL_FAST, 0x10000 + HEARTBEAT
        result  "signal to a broken channel"

        # Storage.
        mov     $SCSI, %ebp
        call    open_channel
        result  "SCSI controller opened"
        exchange SCSI, read_beyond
        scsi_result "read beyond the disk"
        exchange SCSI, write_far_beyond
        scsi_result "write far beyond the disk"
        exchange SCSI, read_too_long
        scsi_result "read of more than its buffer"
        exchange SCSI, unknown_command
        scsi_result "unknown command"
        exchange SCSI, no_such_disk
        scsi_result "disk that is not there"
        exchange SCSI, read_first
        scsi_result "read of the first sector"
        send    SCSI, read_into_nowhere
        result  "read into memory that is not there"

        # Network.
        mov     $NETWORK, %ebp
        call    open_channel
        result  "network adapter opened"
        exchange NETWORK, nvsp_init
        mov     12(%eax), %eax
        result  "NVSP version"
        exchange NETWORK, nvsp_no_buffer
        mov     4(%eax), %eax
        result  "send buffer that is not there"
        ask     16, 8, 0, NETWORK, 60, 0x10018, 8192, 0, network_frame, 0, network_frame + 1, 0
        result  "two pages shared"
        exchange NETWORK, nvsp_send_buffer
        mov     4(%eax), %eax
        result  "send buffer"
        exchange NETWORK, rndis_too_long
        mov     4(%eax), %eax
        result  "RNDIS message longer than its section"
        movl    $1, network_frame * 4096
        movl    $-1, network_frame * 4096 + 4
        exchange NETWORK, rndis_message
        mov     4(%eax), %eax
        result  "RNDIS message longer than itself"
        movl    $100, network_frame * 4096 + 4
        movl    $0xfffffff0, network_frame * 4096 + 8
        movl    $60, network_frame * 4096 + 12
        exchange NETWORK, rndis_message
        mov     4(%eax), %eax
        result  "RNDIS frame before its message"
        send    NETWORK, rndis_wild_section
        result  "RNDIS message in a section that is not there"

        say     "done\r\n"
        mov     $0xb004, %dx                    # ACPI: soft off
        mov     $0x3400, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop

silent: say     "no answer\r\n"
        jmp     stop

# The call whose registers are prepared; its status in EAX.
enter_hypervisor:
        xor     %edi, %edi
        xor     %esi, %esi
        call    hypercall_page
        movzwl  %ax, %eax
        ret

# ESI: length and words of a message.
post_message:
        lodsl
        mov     %eax, post_size
        mov     %eax, %ecx
        mov     $post_payload, %edi
        rep movsb
        hypercall POST, post_input
        ret

# EAX: the word at EBX of the host's next message.
take_answer:
        call    wait_message
        mov     ANSWER(%ebx), %eax
        push    %eax
        call    next_message
        pop     %eax
        ret

wait_message:
        mov     $0x20000000, %ecx
1:      cmpl    $0, SLOT2
        jne     2f
        loop    1b
        jmp     silent
2:      ret

# Frees the slot and asks for what waits behind it.
next_message:
        movl    $0, SLOT2
        write_msr EOM, 0
        ret

# Opens the channel in EBP with fresh rings; the host's status in EAX.
open_channel:
        mov     %ebp, open_gpadl_channel
        mov     %ebp, open_gpadl_handle
        mov     %ebp, open_message_channel
        mov     %ebp, open_message_handle
        call    ring_of_channel
        mov     %ebx, %eax
        shr     $12, %eax
        mov     $open_gpadl_frames, %edi
        mov     $8, %ecx
1:      mov     %eax, (%edi)
        add     $8, %edi
        inc     %eax
        loop    1b
        mov     $open_gpadl, %esi
        call    post_message
        mov     $16, %ebx
        call    take_answer
        mov     $open_message, %esi
        call    post_message
        mov     $16, %ebx
        call    take_answer
        ret

# EBX: the guest's ring of the channel in EBP; the host's is behind it.
ring_of_channel:
        mov     %ebp, %ebx
        imul    $2 * RING_BYTES, %ebx
        add     $rings, %ebx
        ret

# Writes the packet at ESI (its length, then itself) into the ring of the channel in EBP and signals; the status in EAX.
send_packet:
        call    ring_of_channel
        lodsl
        mov     %eax, %ecx
        mov     (%ebx), %edx
        lea     RING_DATA(%ebx, %edx), %edi
        lea     8(%edx, %eax), %edx
        rep movsb
        mov     %edx, (%ebx)
        mov     %ebp, %ecx
        add     $0x10000, %ecx
        xor     %ebx, %ebx
        xor     %edx, %edx
        mov     $SIGNAL_FAST, %eax
        jmp     enter_hypervisor

# EAX: the payload of the next packet for the channel in EBP, behind which nothing waits.
receive_packet:
        call    ring_of_channel
        add     $RING_BYTES, %ebx
        mov     $0x20000000, %ecx
1:      mov     4(%ebx), %edx
        cmp     %edx, (%ebx)
        jne     2f
        loop    1b
        jmp     silent
2:      lea     RING_DATA(%ebx, %edx), %edx
        movzwl  2(%edx), %eax
        lea     (%edx, %eax, 8), %eax
        mov     (%ebx), %edx
        mov     %edx, 4(%ebx)
        ret

# Writes an MSR in ring 3; the vector of the fault that answers it, or 0, in EAX.
write_msr_as_user:
        mov     %esp, kernel_stack
        mov     $task, %eax
        shl     $16, %eax
        mov     $103, %ax                       # its last byte
        mov     %eax, gdt + 0x28
        mov     $task, %eax
        shr     $16, %eax
        or      $0x8900, %eax
        mov     %eax, gdt + 0x2c
        mov     %esp, task + 4
        movl    $0x30, task + 8
        mov     $protection_fault, %eax
        mov     $idt + 13 * 8, %edi
        mov     $0x8e00, %edx
        call    set_gate
        mov     $end_of_program, %eax
        mov     $idt + 0x30 * 8, %edi
        mov     $0xee00, %edx
        call    set_gate
        lgdt    gdt_register
        lidt    idt_register
        mov     $0x28, %ax
        ltr     %ax
        push    $0x23                           # SS, ESP, flags, CS, EIP of ring 3
        push    $user_stack_top
        push    $2
        push    $0x1b
        push    $user_program
        iret
user_program:
        mov     $SIMP, %ecx
        mov     $0x500001, %eax
        xor     %edx, %edx
        wrmsr
        xor     %ebx, %ebx
        int     $0x30
protection_fault:
        mov     $13, %ebx
end_of_program:
        mov     $0x30, %eax
        mov     %ax, %ds
        mov     %ax, %es
        mov     kernel_stack, %esp
        mov     %ebx, %eax
        ret

# The gate at EDI leads to EAX; EDX: its type and privilege.
set_gate:
        mov     %eax, %ecx
        and     $0xffff, %ecx
        or      $0x100000, %ecx                 # selector 0x10
        mov     %ecx, (%edi)
        and     $0xffff0000, %eax
        or      %edx, %eax
        mov     %eax, 4(%edi)
        ret

# The zero-terminated text at ESI.
print:  lodsb
        test    %al, %al
        jz      1f
        call    print_letter
        jmp     print
1:      ret

print_letter:
        mov     $COM1, %dx
        outb    %al, %dx
        ret

# EAX as eight hexadecimal digits.
print_hex:
        mov     %eax, %ebx
        mov     $8, %ecx
1:      rol     $4, %ebx
        mov     %ebx, %eax
        and     $15, %eax
        mov     digits(%eax), %al
        call    print_letter
        loop    1b
        ret

        .section .rodata
digits: .ascii  "0123456789abcdef"

        # EXECUTE_SRB in a GPA-direct packet with one page behind it.
        .macro  scsi name, frame, bytes, lun, command:vararg
        .balign 8
\name:  .long   104
        .short  9, 5, 13, 1
        .long   1, 0
        .long   0, 1, \bytes, 0, \frame, 0
scsi_\@:
        .long   3, 0, 0
        .byte   52, 0, 0, 0, 0, 0, 0, \lun, 16, 20, 1, 0
        .long   \bytes
        .byte   \command
        .fill   64 - (. - scsi_\@), 1, 0
        .endm

        scsi    read_beyond, buffer_frame, 512, 0, 0x28, 0, 0, 0, 0, 128, 0, 0, 1, 0
        scsi    write_far_beyond, buffer_frame, 512, 0, 0x8a, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1
        scsi    read_too_long, buffer_frame, 512, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 64, 0
        scsi    unknown_command, buffer_frame, 512, 0, 0xff
        scsi    no_such_disk, buffer_frame, 512, 9, 0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0
        scsi    read_first, buffer_frame, 512, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0
        scsi    read_into_nowhere, 0x7fffffff, 512, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0

        # A packet in band with 40 bytes of NVSP.
        .macro  nvsp name, words:vararg
        .balign 8
\name:  .long   56
        .short  6, 2, 7, 1
        .long   1, 0
nvsp_\@:
        .long   \words
        .fill   40 - (. - nvsp_\@), 1, 0
        .endm

        nvsp    nvsp_init, 1, 0x60001, 0x60001
        nvsp    nvsp_no_buffer, 104, 99
        nvsp    nvsp_send_buffer, 104, 60
        nvsp    rndis_too_long, 107, 0, 0, -1
        nvsp    rndis_message, 107, 0, 0, 100
        nvsp    rndis_wild_section, 107, 0, 0xfffffffe, 100

        .data
        .balign 512
post_input:                                     # connection, reserved, message type, size, payload
        .long   4, 0
post_type:
        .long   1
post_size:
        .long   0
post_payload:
        .fill   240, 1, 0

        # The messages that open a channel, filled in for each.
open_gpadl:
        .long   92, 8, 0
open_gpadl_channel:
        .long   0
open_gpadl_handle:
        .long   0, 0x10048, 2 * RING_BYTES, 0
open_gpadl_frames:
        .fill   16, 4, 0
open_message:
        .long   28, 5, 0
open_message_channel:
        .long   0, 1
open_message_handle:
        .long   0, 0, 4

kernel_stack:
        .long   0

        # Flat segments of both rings, and the task that leads from ring 3 back to ring 0.
        .balign 8
gdt:    .quad   0, 0, 0x00cf9a000000ffff, 0x00cffa000000ffff, 0x00cff2000000ffff, 0, 0x00cf92000000ffff
gdt_end:
gdt_register:
        .short  gdt_end - gdt - 1
        .long   gdt
idt_register:
        .short  0x31 * 8 - 1
        .long   idt
        .balign 8
idt:    .fill   0x31 * 8, 1, 0
task:   .fill   104, 1, 0
