// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of the snippet syntax look like template strings.
/** Whole blocks, offered in place of the bare keyword that begins them. `$0` is where the cursor ends. */
export const SNIPPETS: Record<string, string> = {
  import: 'import "${1:file}.hvhost"$0',
  hardware: [
    'hardware ${1:Server} "${2:model}" {',
    '    processor "${3:processor}" {',
    '        sockets ${4:2} cores ${5:8} threads ${6:2} frequency ${7:2.5} GHz',
    '        virtualization on dep on slat on',
    '    }',
    '    memory ${8:64} GB ecc nodes ${4:2}',
    '    disk ${9:disk0} ${10:2} TB ${11|ssd,nvme,rotational|}',
    '    nic ${12:lan1} ${13:10} Gb/s$0',
    '}',
  ].join('\n'),
  host: [
    'host ${1:Host} on ${2:hardware} {',
    '    hypervisor hyper-v ${3:2025}',
    '    switch ${4:Lan} external on ${5:lan1}',
    '    $0',
    '}',
  ].join('\n'),
  child: [
    'child ${1:name} "${2:Windows Server 2025}" {',
    '    generation ${3:2}',
    '    processors ${4:2}',
    '    memory ${5:2} GB to ${6:8} GB',
    '    disk "${1:name}.vhdx" ${7:60} GB on ${8:disk0}',
    '    nic on ${9:Lan}',
    '    $0',
    '}',
  ].join('\n'),
  parent: 'parent "${1:Windows Server 2025}" ${2|core,full|} {\n    reserve cpu ${3:20} %, memory ${4:2} GB$0\n}',
  workload:
    'workload ${1:Name} {\n    requests ${2:100} / s cpu ${3:2} ms read ${4:8} KB write ${5:4} KB send ${6:16} KB$0\n}',
  scenario: [
    'scenario ${1:Name} on ${2:host} {',
    '    at 0 s start all',
    '    at ${3:30} s $0',
    '    expect all children running after 5 s',
    '}',
  ].join('\n'),
  benchmark:
    'benchmark ${1:Name} on ${2:host} {\n    compare hyper-v ${3:2025}, esxi ${4:8}\n    measure throughput, latency, host cpu$0\n}',
};
