// HV-1H on SimGrid 3.32 (S4U), to run beside ours. SimGrid shares processors as a fluid: no slices, caps as rates.
//   apt-get install libsimgrid-dev g++ libboost-dev
//   g++ -O3 -march=native -DNDEBUG -std=c++17 bench/engine/peers/simgrid-hv1h.cpp -o /tmp/simgrid-hv1h -lsimgrid
//   /tmp/simgrid-hv1h <VMs> <cores> <seconds> vm --log=root.thres:error --cfg=contexts/factory:raw [--cfg=cpu/optim:Full]
//   vm    : every guest is a real s4u::VirtualMachine (1 core) with VirtualMachine::set_bound(cap)
//   bound : no VM object; each guest is an Exec on the physical host with Exec::set_bound(cap)
#include <simgrid/s4u.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>
#include <vector>
namespace sg4 = simgrid::s4u;
static double H; static uint64_t g_cpl = 0, g_sleep = 0; static double g_work = 0;
static std::vector<uint64_t> per_vm; static bool use_vm;
static const double SPEED = 1e9;                     // 1 core = 1e9 flop/s, so 1 core-second = 1e9 flop
static const double CAP[4] = {1.0, 0.5, 0.25, 0.75}; // cap of VM i in cores = CAP[i & 3]
struct Rng { uint32_t s; explicit Rng(uint32_t seed) : s(seed) {}
  double u() { s = s * 1664525u + 1013904223u; return (s >> 8) * (1.0 / 16777216.0); } };
static void guest(int id) {
  Rng r(12345u + 7919u * (uint32_t)id);
  while (sg4::Engine::get_clock() < H) {
    double c = 0.050 + 0.100 * r.u();                // compute demand, core-seconds, U[0.05,0.15)
    double z = 0.050 + 0.100 * r.u();                // think time, s,             U[0.05,0.15)
    auto e = sg4::this_actor::exec_init(c * SPEED);
    if (!use_vm) e->set_bound(CAP[id & 3] * SPEED);
    e->wait();
    if (sg4::Engine::get_clock() >= H) break;
    g_cpl++; per_vm[id]++; g_work += c;
    sg4::this_actor::sleep_for(z);
    g_sleep++;
  }
}
int main(int argc, char** argv) {
  sg4::Engine e(&argc, argv);
  int n = atoi(argv[1]), cores = atoi(argv[2]); H = atof(argv[3]);
  use_vm = !(argc > 4 && !strcmp(argv[4], "bound"));
  per_vm.assign(n, 0);
  auto* zone = sg4::create_full_zone("world");
  auto* pm = zone->create_host("pm", SPEED)->set_core_count(cores)->seal();
  zone->seal();
  for (int i = 0; i < n; i++) {
    sg4::Host* where = pm;
    if (use_vm) { auto* vm = pm->create_vm("vm" + std::to_string(i), 1); vm->set_bound(CAP[i & 3] * SPEED); vm->start(); where = vm; }
    sg4::Actor::create("g" + std::to_string(i), where, guest, i)->daemonize();
  }
  // one plain actor keeps the simulation alive to the horizon
  sg4::Actor::create("clock", pm, [] { sg4::this_actor::sleep_until(H); });
  auto t0 = std::chrono::steady_clock::now();
  e.run();
  double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - t0).count();
  rusage ru; getrusage(RUSAGE_SELF, &ru);
  double cpu = ru.ru_utime.tv_sec + ru.ru_utime.tv_usec / 1e6 + ru.ru_stime.tv_sec + ru.ru_stime.tv_usec / 1e6;
  uint64_t ev = g_cpl + g_sleep;
  uint64_t cls[4] = {0,0,0,0}; for (int i = 0; i < n; i++) cls[i & 3] += per_vm[i];
  printf("{\"engine\":\"simgrid\",\"mode\":\"%s\",\"vms\":%d,\"cores\":%d,\"horizon\":%g,\"clock\":%.6f,\"computes\":%lu,\"sleeps\":%lu,\"events\":%lu,\"work_core_s\":%.3f,\"util\":%.5f,\"perclass\":[%lu,%lu,%lu,%lu],\"wall_s\":%.3f,\"cpu_s\":%.3f,\"events_per_wall_s\":%.0f,\"simsec_per_s\":%.1f,\"rss_mib\":%.1f}\n",
    use_vm ? "vm" : "bound", n, cores, H, sg4::Engine::get_clock(), g_cpl, g_sleep, ev, g_work, g_work / (H * cores), cls[0], cls[1], cls[2], cls[3], wall, cpu, ev / wall, H / wall, ru.ru_maxrss / 1024.0);
  fflush(stdout); _exit(0);
}
