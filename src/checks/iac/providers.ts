/** Where each provider lives in Terraform's registry. */
export const AWS = 'hashicorp/aws';
export const AZURE = 'hashicorp/azurerm';
export const GOOGLE = 'hashicorp/google';
export const SCALEWAY = 'scaleway/scaleway';
export const DIGITALOCEAN = 'digitalocean/digitalocean';
export const HETZNER = 'hetznercloud/hcloud';
export const OPENSTACK = 'terraform-provider-openstack/openstack';
export const ORACLE = 'oracle/oci';
export const ALIBABA = 'aliyun/alicloud';
export const TENCENT = 'tencentcloudstack/tencentcloud';
export const YANDEX = 'yandex-cloud/yandex';
export const NCLOUD = 'NaverCloudPlatform/ncloud';
export const NIFCLOUD = 'nifcloud/nifcloud';
