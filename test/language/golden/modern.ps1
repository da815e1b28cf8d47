#Requires -Version 3.0
#Requires -RunAsAdministrator
#Requires -Modules Hyper-V
# The switches and machines of Harbour, for Hyper-V on Windows Server 2025.
# It can run again: what is there is changed where it differs, and nothing is removed.
# Machines that are not off are left as they are. Workloads, scenarios and the hardware are no part of it.
$ErrorActionPreference = 'Stop'

# The machine of that name; a new one has no drives and no adapters.
function Get-Machine([string] $Name, [int] $Generation, [long] $Memory) {
    $found = @(Get-VM | Where-Object Name -EQ $Name)
    if ($found.Count -gt 1) { throw "Several machines are called $Name." }
    if ($found.Count -eq 1) { return $found[0] }
    $options = @{ Name = $Name; MemoryStartupBytes = $Memory; NoVHD = $true }
    if ($Generation -eq 2) { $options.Generation = 2 }
    $vm = New-VM @options
    Get-VMNetworkAdapter -VM $vm | Remove-VMNetworkAdapter
    Get-VMDvdDrive -VM $vm | Remove-VMDvdDrive
    $vm
}

function Get-DiskPath([string] $File) {
    if ([IO.Path]::IsPathRooted($File)) { return $File }
    Join-Path (Get-VMHost).VirtualHardDiskPath $File
}

function Add-Drive($VM, [string] $Type, [int] $Number, [int] $Location, [hashtable] $Disk) {
    if ($Type -eq 'SCSI') {
        while (@(Get-VMScsiController -VM $VM).Count -le $Number) { Add-VMScsiController -VM $VM }
    }
    Add-VMHardDiskDrive -VM $VM -ControllerType $Type -ControllerNumber $Number -ControllerLocation $Location @Disk
}

function Add-FileDrive($VM, [string] $Type, [int] $Number, [int] $Location, [string] $Path) {
    if (Get-VMHardDiskDrive -VM $VM | Where-Object Path -EQ $Path) { return }
    Add-Drive -VM $VM -Type $Type -Number $Number -Location $Location -Disk @{ Path = $Path }
}

function Add-PassThroughDrive($VM, [string] $Type, [int] $Number, [int] $Location, [int] $DiskNumber) {
    if (Get-VMHardDiskDrive -VM $VM | Where-Object DiskNumber -EQ $DiskNumber) { return }
    Add-Drive -VM $VM -Type $Type -Number $Number -Location $Location -Disk @{ DiskNumber = $DiskNumber }
}

# The adapter at that place among those of its kind.
function Set-MachineAdapter($VM, [bool] $Legacy, [int] $Index, [string] $Switch, [int] $Vlan, [string] $Trunk, [hashtable] $Policy = @{}) {
    $adapters = @(Get-VMNetworkAdapter -VM $VM | Where-Object IsLegacy -EQ $Legacy)
    if ($Index -lt $adapters.Count) { $adapter = $adapters[$Index] }
    else { $adapter = Add-VMNetworkAdapter -VM $VM -IsLegacy $Legacy -Passthru }
    if ($adapter.SwitchName -ne $Switch) { Connect-VMNetworkAdapter -VMNetworkAdapter $adapter -SwitchName $Switch }
    if ($Trunk) {
        Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Trunk -AllowedVlanIdList $Trunk -NativeVlanId $Vlan
    }
    elseif ($Vlan -gt 0) { Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Access -VlanId $Vlan }
    else { Set-VMNetworkAdapterVlan -VMNetworkAdapter $adapter -Untagged }
    if ($Policy.Count -gt 0) { Set-VMNetworkAdapter -VMNetworkAdapter $adapter @Policy }
}

# Windows translates the names of the services; the components it does not.
function Set-MachineService($VM, [string] $Component, [bool] $Enabled) {
    $service = Get-VMIntegrationService -VM $VM | Where-Object Id -Like "*$Component"
    if (-not $service -or $service.Enabled -eq $Enabled) { return }
    if ($Enabled) { $service | Enable-VMIntegrationService } else { $service | Disable-VMIntegrationService }
}

if ((Get-VMHost).NumaSpanningEnabled -ne $true) { Set-VMHost -NumaSpanningEnabled $true }
# The parent reserves 10 % of the processors and 16 GB; there is no cmdlet for that.

if (-not (Get-VMSwitch | Where-Object Name -EQ 'Lan')) {
    New-VMSwitch -Name 'Lan' -NetAdapterName 'lan1' -AllowManagementOS $true | Out-Null
}

if (-not (Get-VMSwitch | Where-Object Name -EQ 'Storage')) {
    New-VMSwitch -Name 'Storage' -NetAdapterName 'lan2' -AllowManagementOS $true | Out-Null
}

if (-not (Get-VMSwitch | Where-Object Name -EQ 'Backstage')) {
    New-VMSwitch -Name 'Backstage' -SwitchType Private | Out-Null
}

# --- web1: Windows Server 2025
$vm = Get-Machine -Name 'web1' -Generation 2 -Memory 8589934592
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 8 -Reserve 10 -Maximum 100 -RelativeWeight 200
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 4294967296 -StartupBytes 8589934592 -MaximumBytes 17179869184 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 30 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'web1.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 85899345920 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 10
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- web2: Windows Server 2025
$vm = Get-Machine -Name 'web2' -Generation 2 -Memory 8589934592
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 8 -Reserve 10 -Maximum 100 -RelativeWeight 200
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 4294967296 -StartupBytes 8589934592 -MaximumBytes 17179869184 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 30 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'web2.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 85899345920 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 10
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- sql: Windows Server 2022
$vm = Get-Machine -Name 'sql' -Generation 2 -Memory 103079215104
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 16 -Reserve 50 -Maximum 100 -RelativeWeight 400
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 103079215104
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'sql.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 107374182400 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    $path = Get-DiskPath 'sql-data.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 1099511627776 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 1 -Path $path
    $path = Get-DiskPath 'sql-log.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 214748364800 -Fixed | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 2 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Storage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- dc1: Windows Server 2022
$vm = Get-Machine -Name 'dc1' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 10 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'dc1.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $false # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- dc2: Windows Server 2022
$vm = Get-Machine -Name 'dc2' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 10 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'dc2.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $false # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- files: Windows Server 2019
$vm = Get-Machine -Name 'files' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 2147483648 -StartupBytes 4294967296 -MaximumBytes 12884901888 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'files.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    $path = Get-DiskPath 'shares.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 2199023255552 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 1 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- print: Windows Server 2016
$vm = Get-Machine -Name 'print' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 2147483648
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'print.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- admin: Windows 11
$vm = Get-Machine -Name 'admin' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 4294967296 -StartupBytes 4294967296 -MaximumBytes 8589934592 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Nothing -AutomaticStartDelay 0 -AutomaticStopAction Save
    $path = Get-DiskPath 'admin.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 137438953472 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- proxy1: Ubuntu 24.04
$vm = Get-Machine -Name 'proxy1' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 2147483648 -StartupBytes 2147483648 -MaximumBytes 4294967296 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'proxy1.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 21474836480 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 10
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- proxy2: Ubuntu 24.04
$vm = Get-Machine -Name 'proxy2' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 2147483648 -StartupBytes 2147483648 -MaximumBytes 4294967296 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'proxy2.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 21474836480 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 10
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- mail: Debian 12
$vm = Get-Machine -Name 'mail' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 4294967296 -StartupBytes 4294967296 -MaximumBytes 8589934592 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'mail.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 214748364800 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- monitor: Debian 12
$vm = Get-Machine -Name 'monitor' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'monitor.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 107374182400 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- build1: Red Hat Enterprise Linux 9
$vm = Get-Machine -Name 'build1' -Generation 2 -Memory 8589934592
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 16 -Reserve 0 -Maximum 50 -RelativeWeight 50
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 8589934592 -StartupBytes 8589934592 -MaximumBytes 34359738368 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'build1.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -ParentPath (Get-DiskPath 'build-base.vhdx') -Differencing | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- build2: Red Hat Enterprise Linux 9
$vm = Get-Machine -Name 'build2' -Generation 2 -Memory 8589934592
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 16 -Reserve 0 -Maximum 50 -RelativeWeight 50
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $true -MinimumBytes 8589934592 -StartupBytes 8589934592 -MaximumBytes 34359738368 -Buffer 20 -Priority 50
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'build2.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -ParentPath (Get-DiskPath 'build-base.vhdx') -Differencing | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- registry: Rocky Linux 9
$vm = Get-Machine -Name 'registry' -Generation 2 -Memory 4294967296
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 4294967296
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'registry.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 536870912000 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Storage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- backup: SUSE Linux Enterprise Server 15
$vm = Get-Machine -Name 'backup' -Generation 2 -Memory 8589934592
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 8589934592
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'backup.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 64424509440 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Storage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- firewall: FreeBSD 14
$vm = Get-Machine -Name 'firewall' -Generation 2 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 10 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 2147483648
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'firewall.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 21474836480 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type SCSI -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineAdapter -VM $vm -Legacy $false -Index 1 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- erp: Windows Server 2012 R2
$vm = Get-Machine -Name 'erp' -Generation 1 -Memory 17179869184
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 4 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 17179869184
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'erp.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 85899345920 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type IDE -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Lan' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- scanner: Windows 7
$vm = Get-Machine -Name 'scanner' -Generation 1 -Memory 2147483648
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 2 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 2147483648
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'scanner.vhdx'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 42949672960 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type IDE -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $false -Index 0 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}

# --- payroll: Windows NT 4.0
# A legacy child: its operating system uses emulated devices only.
$vm = Get-Machine -Name 'payroll' -Generation 1 -Memory 268435456
if ($vm.State -ne 'Off') {
    Write-Warning "$($vm.Name) is not off: it is left as it is."
} else {
    Set-VMProcessor -VM $vm -Count 1 -Reserve 0 -Maximum 100 -RelativeWeight 100
    Set-VMMemory -VM $vm -DynamicMemoryEnabled $false -StartupBytes 268435456
    Set-VM -VM $vm -AutomaticStartAction Start -AutomaticStartDelay 0 -AutomaticStopAction ShutDown
    $path = Get-DiskPath 'payroll.vhd'
    if (-not (Test-Path -LiteralPath $path)) { New-VHD -Path $path -SizeBytes 4294967296 -Dynamic | Out-Null }
    Add-FileDrive -VM $vm -Type IDE -Number 0 -Location 0 -Path $path
    Set-MachineAdapter -VM $vm -Legacy $true -Index 0 -Switch 'Backstage' -Vlan 0
    Set-MachineService -VM $vm -Component 84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47 -Enabled $true # Heartbeat
    Set-MachineService -VM $vm -Component 2A34B1C2-FD73-4043-8A5B-DD2159BC743F -Enabled $true # Key-Value Pair Exchange
    Set-MachineService -VM $vm -Component 9F8233AC-BE49-4C79-8EE3-E7E1985B2077 -Enabled $true # Shutdown
    Set-MachineService -VM $vm -Component 2497F4DE-E9FA-4204-80E4-4B75C46419C0 -Enabled $true # Time Synchronization
    Set-MachineService -VM $vm -Component 5CED1297-4598-4915-A5FC-AD21BB4D02A4 -Enabled $true # VSS
}
