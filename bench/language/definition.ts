/** A definition as long as asked for: hosts with eight children each, workloads, scenarios, all referring to each other. */
export function longDefinition(lines: number): string {
  const blocks = [HARDWARE];
  let count = blocks[0]!.split('\n').length;
  for (let index = 0; count < lines; index++) {
    const block = group(index);
    blocks.push(block);
    count += block.split('\n').length;
  }
  return blocks.join('\n');
}

const HARDWARE = `hardware Rack "Rack server" {
    processor { sockets 2 cores 16 threads 2 frequency 2.5 GHz virtualization on dep on slat on }
    memory 512 GB ecc nodes 2
    disk raid0 40 TB ssd
    nic lan1 10 Gb/s
    nic lan2 10 Gb/s
}
`;

/** One host with what runs on it. */
function group(index: number): string {
  const children = Array.from({ length: 8 }, (_, child) => guest(index, child)).join('\n');
  return `// Host number ${index}.
host Host${index} on Rack {
    hypervisor hyper-v 2022
    switch Lan external on lan1
    parent "Windows Server 2022" core {
        reserve cpu 10 %, memory 4 GB
    }
${children}
}

workload Work${index} {
    requests 400 / s
    cpu 2 ms
    read 8 KB   write 4 KB   send 16 KB
}

scenario Morning${index} on Host${index} {
    at  0 s   start all
    at 30 s   web0 requests 2000 / s
    expect web0 latency p95 < 40 ms between 30 s and 60 s
}
`;
}

function guest(index: number, child: number): string {
  return `    child web${child} "Windows Server 2022" {
        generation 2
        processors 2   reserve 5 %   weight 200
        memory 2 GB to 8 GB   startup 2 GB
        disk "host${index}-web${child}.vhdx" 60 GB fixed on raid0   // the system
        nic on Lan
        runs Work${index}
    }`;
}
