# A guest of our own, small enough to boot in a test: it looks for the hypervisor as an enlightened kernel does, contacts
# VMBus and prints on the serial port what it finds. 32-bit protected mode, no paging, no interrupts: it polls the SynIC.
# Built by scripts/build-guests.mjs.

        .set COM1, 0x3f8
        .set GUEST_OS_ID, 0x40000000
        .set HYPERCALL, 0x40000001
        .set TIME_REF_COUNT, 0x40000020
        .set SCONTROL, 0x40000080
        .set SIEFP, 0x40000082
        .set SIMP, 0x40000083
        .set EOM, 0x40000084
        .set SINT2, 0x40000092
        # Pages that only this program uses, far above it.
        .set hypercall_page, 0x200000
        .set message_page, 0x201000
        .set event_page, 0x202000
        .set stack_top, 0x204000
        .set SLOT2, message_page + 2 * 256

        .macro say text
        .section .rodata
text_\@:
        .asciz  "\text"
        .text
        mov     $text_\@, %esi
        call    print
        .endm

        .macro write_msr index, low
        mov     $\index, %ecx
        mov     $\low, %eax
        xor     %edx, %edx
        wrmsr
        .endm

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
        mov     $GUEST_OS_ID, %ecx
        mov     $0x00000000, %eax
        mov     $0xff000001, %edx
        wrmsr
        write_msr HYPERCALL, hypercall_page + 1
        mov     $HYPERCALL, %ecx
        rdmsr
        test    $1, %eax
        jz      failed
        say     "hypercall page: enabled\r\n"

        write_msr SIMP, message_page + 1
        write_msr SIEFP, event_page + 1
        write_msr SINT2, 0x100f3                # masked: we poll
        write_msr SCONTROL, 1

        # INITIATE_CONTACT for VMBus 5.3, messages on SINT 2.
        movl    $14, post_payload
        movl    $0x00050003, post_payload + 8
        movl    $2, post_payload + 16
        movl    $40, post_size
        call    post
        call    wait_message
        cmpl    $15, SLOT2 + 16
        jne     failed
        cmpb    $1, SLOT2 + 24
        jne     failed
        say     "vmbus: version 5.3\r\n"
        call    next_message

        # REQUESTOFFERS, then one line for each offer: the first word of the class.
        movl    $3, post_payload
        movl    $0, post_payload + 8
        movl    $8, post_size
        call    post
1:      call    wait_message
        cmpl    $4, SLOT2 + 16
        je      2f
        cmpl    $1, SLOT2 + 16
        jne     failed
        say     "offer: "
        mov     SLOT2 + 16 + 8, %eax
        call    print_hex
        say     " "
        mov     SLOT2 + 16 + 8, %eax
        call    print_class
        say     "\r\n"
        call    next_message
        jmp     1b
2:      say     "all offers delivered\r\n"
        call    next_message

        # Time goes on.
        mov     $TIME_REF_COUNT, %ecx
        rdmsr
        mov     %eax, %ebx
3:      rdmsr
        cmp     %eax, %ebx
        je      3b
        say     "reference time: runs\r\n"

        say     "done\r\n"
        mov     $0xb004, %dx                    # ACPI: soft off
        mov     $0x3400, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop

failed: say     "failed\r\n"
        jmp     stop

# Posts what lies in post_input; the status is in the low word of EAX.
post:   mov     $0x5c, %eax
        xor     %edx, %edx
        xor     %ebx, %ebx
        mov     $post_input, %ecx
        xor     %edi, %edi
        xor     %esi, %esi
        call    hypercall_page
        test    %ax, %ax
        jnz     failed
        ret

wait_message:
        cmpl    $0, SLOT2
        je      wait_message
        ret

# Frees the slot and asks for what waits behind it.
next_message:
        movl    $0, SLOT2
        write_msr EOM, 0
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

        .section .rodata
digits: .ascii  "0123456789abcdef"

        .macro  class word, name
        .section .rodata.names, "a"
name_\@:
        .asciz  "\name"
        .section .rodata
        .long   \word, name_\@
        .endm
classes:
        class   0x57164f39, "Heartbeat"
        class   0x0e0b6031, "Shutdown"
        class   0x9527e630, "Time Synchronization"
        class   0xa9a0f4e7, "Key-Value Pair Exchange"
        class   0xba6163d9, "SCSI controller"
        class   0, "a device unknown to this guest"

        .data
vendor: .fill   13, 1, 0

        .balign 512
post_input:                                     # connection, reserved, message type, size, payload
        .long   4, 0, 1
post_size:
        .long   0
post_payload:
        .fill   240, 1, 0
