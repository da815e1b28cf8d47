# A guest that attacks its host: hypercalls, MSRs, messages, GPADLs, rings, storage, network. After each attack it prints
# what it got back. 32-bit protected mode, no paging, no interrupts. Built by scripts/build-guests.mjs.
# Its host offers, in this order: a SCSI controller, a network adapter, the heartbeat.

        .include "vmbus.inc"

        .set user_stack_top, 0x205000
        .set network_frame, 0x600

        .set SCSI, 1
        .set NETWORK, 2
        .set HEARTBEAT, 3

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

        enable_synic

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
offers: call    next_offer
        test    %eax, %eax
        jnz     offers
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
        exchange read_beyond
        scsi_result "read beyond the disk"
        exchange write_far_beyond
        scsi_result "write far beyond the disk"
        exchange read_too_long
        scsi_result "read of more than its buffer"
        exchange unknown_command
        scsi_result "unknown command"
        exchange no_such_disk
        scsi_result "disk that is not there"
        exchange read_first
        scsi_result "read of the first sector"
        send    read_into_nowhere
        result  "read into memory that is not there"

        # Network.
        mov     $NETWORK, %ebp
        call    open_channel
        result  "network adapter opened"
        exchange nvsp_init
        mov     12(%eax), %eax
        result  "NVSP version"
        exchange nvsp_no_buffer
        mov     4(%eax), %eax
        result  "send buffer that is not there"
        ask     16, 8, 0, NETWORK, 60, 0x10018, 8192, 0, network_frame, 0, network_frame + 1, 0
        result  "two pages shared"
        exchange nvsp_send_buffer
        mov     4(%eax), %eax
        result  "send buffer"
        exchange rndis_too_long
        mov     4(%eax), %eax
        result  "RNDIS message longer than its section"
        movl    $1, network_frame * 4096
        movl    $-1, network_frame * 4096 + 4
        exchange rndis_message
        mov     4(%eax), %eax
        result  "RNDIS message longer than itself"
        movl    $100, network_frame * 4096 + 4
        movl    $0xfffffff0, network_frame * 4096 + 8
        movl    $60, network_frame * 4096 + 12
        exchange rndis_message
        mov     4(%eax), %eax
        result  "RNDIS frame before its message"
        send    rndis_wild_section
        result  "RNDIS message in a section that is not there"

        say     "done\r\n"
        jmp     power_off

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

        .include "vmbus-routines.inc"

        .section .rodata
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
